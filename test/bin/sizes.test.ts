import { overBudget, sizeTable } from '../../bin/build/sizes';
import { FUNCTIONS } from '../../lambda/names/functions';

const budget = Object.fromEntries(FUNCTIONS.map((name) => [name, 1_000])) as Record<
  (typeof FUNCTIONS)[number],
  number
>;

describe('the weight of the bundles', () => {
  it('names each function that is over its budget, and no other', () => {
    const sizes = [
      { name: 'lookup', raw: 1_001, gzip: 300 },
      { name: 'backup', raw: 1_000, gzip: 300 },
    ] as const;
    expect(overBudget(sizes, budget)).toEqual([expect.stringMatching(/^lookup weighs 1\.0 KB/)]);
  });

  it('stands in an aligned table', () => {
    const table = sizeTable([
      { name: 'lookup', raw: 550_000, gzip: 123_456 },
      { name: 'secret-rotation', raw: 5_000, gzip: 1_000 },
    ]);
    const lines = table.split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[1]).toMatch(/^lookup +550\.0 KB +123\.5 KB +50 %$/);
  });
});

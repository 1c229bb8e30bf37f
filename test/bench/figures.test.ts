import { alternate, type Contender } from '../../bench/contender';
import { figures, ratio, spread } from '../../bench/figures';
import type { RoundReport } from '../../bench/contestants/protocol';

const round = (operations: number, wallMs: number, cpuMs = wallMs, strays = 0): RoundReport => ({
  operations,
  wallMs,
  cpuMs,
  strays,
});

/** Answers the rounds it is given, and notes when it was asked. */
function scripted(name: string, order: string[], report = round(10, 1)): Contender {
  return {
    name,
    round: () => {
      order.push(name);
      return Promise.resolve(report);
    },
    stop: () => Promise.resolve(),
  };
}

describe('figures of a contest', () => {
  it('names the median, of two middle values their mean', () => {
    expect(spread([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(spread([4, 1, 2, 9])).toEqual({ median: 3, min: 1, max: 9 });
    expect(() => spread([])).toThrow(RangeError);
  });

  it('counts microseconds an operation, so that rounds of different length compare', () => {
    const { wall, cpu } = figures('product', [round(100, 2, 1), round(1_000, 20, 10)]);
    expect(wall).toEqual({ median: 20, min: 20, max: 20 });
    expect(cpu.median).toBe(10);
  });

  it('says 2 for twice as fast as the baseline, and by which time', () => {
    const product = [round(200, 10, 5)];
    const baseline = [round(100, 10, 20)];
    expect(ratio(product, baseline, 'wall').median).toBe(2);
    expect(ratio(product, baseline, 'cpu').median).toBe(8);
  });

  it('compares rounds in pairs: a machine that slows down for both changes no ratio', () => {
    const product = [round(100, 10), round(100, 50), round(100, 90)];
    const baseline = [round(100, 5), round(100, 25), round(100, 45)];
    expect(ratio(product, baseline, 'wall')).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });
});

describe('a contest', () => {
  it('turns the order round by round', async () => {
    const order: string[] = [];
    const reports = await alternate([scripted('a', order), scripted('b', order)], 3);
    expect(order).toEqual(['a', 'b', 'b', 'a', 'a', 'b']);
    expect(reports.map((each) => each.length)).toEqual([3, 3]);
  });

  it('does not count a round that was answered from elsewhere than the row wants', async () => {
    const astray = scripted('product', [], round(100, 1, 1, 2));
    await expect(alternate([astray], 1)).rejects.toThrow('product: 2 of 100 answers');
    await expect(alternate([scripted('product', [], round(100, 1, 1, 1))], 1)).resolves.toHaveLength(1);
  });
});

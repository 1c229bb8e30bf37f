import { impatientSource, SOURCE_PAUSE } from '../../lambda/redis/impatient-source';
import { HandClock } from '../cache/support';
import { eventually } from '../support/eventually';

/** Reads that end when the test says so. */
class Reads {
  readonly all: { serve(text: string): void; fail(): void }[] = [];
  readonly source = {
    current: (): Promise<string> =>
      new Promise((resolve, reject) => {
        this.all.push({ serve: resolve, fail: () => reject(new Error('denied')) });
      }),
    refresh: () => Promise.resolve('redis://anew'),
  };
}

const PATIENT = 60_000;
const HASTY = 1;

let reads: Reads;
let clock: HandClock;
const outcomeOf = (asked: Promise<string>): Promise<string> => asked.catch(() => 'failed');

beforeEach(() => {
  reads = new Reads();
  clock = new HandClock();
});

describe('the connection string of lookups', () => {
  it('is read once for all who ask, and kept', async () => {
    const source = impatientSource(reads.source, clock.now, PATIENT);
    const asked = [source.current(), source.current()];
    reads.all[0]!.serve('redis://host');
    expect(await Promise.all(asked)).toEqual(['redis://host', 'redis://host']);
    expect(await source.current()).toBe('redis://host');
    expect(reads.all).toHaveLength(1);
    expect(await source.refresh()).toBe('redis://anew');
    expect(await source.current()).toBe('redis://anew');
  });

  it.each([
    ['failed', PATIENT],
    ['hung', HASTY],
  ])('is waited for by nobody after an attempt that %s', async (how, patience) => {
    const source = impatientSource(reads.source, clock.now, patience);
    const asked = [source.current(), source.current()];
    if (how === 'failed') reads.all[0]!.fail();
    expect(await Promise.all(asked.map(outcomeOf))).toEqual(['failed', 'failed']);
    clock.time += SOURCE_PAUSE - 1;
    // A wait would never end: nobody answers any attempt.
    expect(await outcomeOf(source.current())).toBe('failed');
    expect(reads.all).toHaveLength(1);
    clock.time += 1;
    for (let lookup = 0; lookup < 10; lookup += 1) expect(await outcomeOf(source.current())).toBe('failed');
    expect(reads.all).toHaveLength(how === 'failed' ? 2 : 1);
  });

  it.each([0, 1])('is known once an attempt made beside has come back (attempt %i)', async (attempt) => {
    const source = impatientSource(reads.source, clock.now, attempt === 0 ? HASTY : PATIENT);
    const first = source.current();
    if (attempt === 1) reads.all[0]!.fail();
    expect(await outcomeOf(first)).toBe('failed');
    clock.time += SOURCE_PAUSE;
    await outcomeOf(source.current());
    reads.all[attempt]!.serve('redis://late');
    await eventually(
      async () => (await outcomeOf(source.current())) === 'redis://late',
      'the string is known',
    );
  });
});

import type { Answer } from '../../lambda/cache/entry';
import type { LookupCache } from '../../lambda/lookup/host';
import { RECORDS, smallService } from '../support/small-service';

const named = (code: string): Answer<unknown>['value'] => RECORDS.find((record) => record.code === code);

/** A cache over which a publish goes: its first answers are of the releases given, all later ones of r2. */
function cacheDuringPublish(...first: string[]) {
  const reads = { of: 0 };
  const answer = (key: string): Answer<unknown> => {
    reads.of += 1;
    const [type = '', code = ''] = key.split(':');
    // Links hold no record, and stand for an empty list.
    const value = type === 'crosswalk' ? undefined : named(code);
    return { value, outcome: 'redis', release: first[reads.of - 1] ?? 'r2' };
  };
  const cache = {
    get: ({ key }: { key: string }) => Promise.resolve(answer(key)),
    getMany: (entries: readonly { key: string }[]) => Promise.resolve(entries.map(({ key }) => answer(key))),
    editions: () => undefined,
  } as unknown as LookupCache;
  return { cache, reads };
}

const CODES = { codes: ['Z00.00', 'Z00.01'].map((code) => ({ type: 'icd10', code })) };

describe('a publish in the midst of one answer', () => {
  test('makes a batch read all its codes once more, so that they are of one release', async () => {
    const { cache, reads } = cacheDuringPublish('r1', 'r2');
    const answer = await smallService({ lookups: { cache } }).batch(CODES);
    expect(answer.headers.get('x-catalog-release')).toBe('r2');
    expect(await answer.json()).toMatchObject({ results: [{ code: 'Z00.00' }, { code: 'Z00.01' }] });
    expect(reads.of).toBe(4);
  });

  test('makes a crosswalk read code and links once more', async () => {
    const { cache, reads } = cacheDuringPublish('r2', 'r1');
    const answer = await smallService({ lookups: { cache } }).send('/v1/crosswalk/Z00.00');
    expect(answer.headers.get('x-catalog-release')).toBe('r2');
    expect(reads.of).toBe(4);
  });

  test('names no release where even then they are of several', async () => {
    const { cache } = cacheDuringPublish('r1', 'r2', 'r1', 'r2');
    const answer = await smallService({ lookups: { cache } }).batch(CODES);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-catalog-release')).toBeNull();
  });

  test('costs nothing where all was read from one release', async () => {
    const { cache, reads } = cacheDuringPublish('r1', 'r1');
    const answer = await smallService({ lookups: { cache } }).batch(CODES);
    expect(answer.headers.get('x-catalog-release')).toBe('r1');
    expect(reads.of).toBe(2);
  });
});

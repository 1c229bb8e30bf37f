import type { Answer, Entry } from '../cache/entry';
import type { CodeRecord } from '../codes/record';
import { CODE_TYPES, type CodeType } from '../names/code-types';
import type { BatchResult } from './answers';
import { ordered, recordEntry } from './entries';
import type { LookupHost } from './host';
import type { CodeRef } from './questions';
import { ofOneRelease, originOf } from './one-release';
import { NotInRelease } from './not-in-release';

/** @throws NotInRelease */
export async function lookUpRecord(
  host: LookupHost,
  type: CodeType,
  code: string,
  usageTeam?: string,
): Promise<Answer<CodeRecord>> {
  // Before the read, so that the count travels with it; the roll-up drops uses of codes that do not exist.
  if (usageTeam !== undefined) host.countUse?.(usageTeam, type, code);
  const answer = await host.cache.get(recordEntry(host.catalog, type, code));
  const { value } = answer;
  if (value === undefined) throw new NotInRelease('code', type, code, { ...answer, value });
  return { ...answer, value };
}

/** Reads what the cache misses with one catalog read per shard; `refs` names the code behind each key. */
export async function loadRecords(
  host: Pick<LookupHost, 'catalog'>,
  release: string,
  missing: readonly Entry<CodeRecord>[],
  refs: ReadonlyMap<string, CodeRef>,
): Promise<Map<string, CodeRecord | undefined>> {
  const loaded = new Map<string, CodeRecord | undefined>();
  await Promise.all(
    CODE_TYPES.map(async (type) => {
      const keysByCode = new Map<string, string>();
      for (const { key } of missing) {
        const ref = refs.get(key);
        if (ref?.type === type) keysByCode.set(ref.code, key);
      }
      if (keysByCode.size === 0) return;
      const records = await host.catalog.records(release, type, [...keysByCode.keys()]);
      for (const [code, key] of keysByCode) {
        const record = records.get(code);
        loaded.set(key, record === undefined ? undefined : ordered(record));
      }
    }),
  );
  return loaded;
}

/** One result per code, in order. A code asked for twice is read once. */
export async function lookUpBatch(
  host: LookupHost,
  codes: readonly CodeRef[],
  usageTeam?: string,
): Promise<Answer<BatchResult[]>> {
  const refs = new Map<string, CodeRef>();
  const entries = new Map<string, Entry<CodeRecord>>();
  const asked = codes.map((ref) => {
    const entry = recordEntry(host.catalog, ref.type, ref.code);
    refs.set(entry.key, ref);
    if (!entries.has(entry.key)) entries.set(entry.key, entry);
    if (usageTeam !== undefined) host.countUse?.(usageTeam, ref.type, ref.code);
    return { ref, key: entry.key };
  });
  const distinct = [...entries.values()];
  const answers = await ofOneRelease(() =>
    host.cache.getMany(distinct, (release, missing) => loadRecords(host, release, missing, refs)),
  );
  const records = new Map(distinct.map(({ key }, index) => [key, answers[index]?.value]));
  const results = asked.map(({ ref: { type, code }, key }): BatchResult => {
    const record = records.get(key);
    return record === undefined ? { type, code, found: false } : { type, code, found: true, record };
  });
  return { value: results, ...originOf(answers) };
}

import type { Answer, Entry } from '../cache/entry';
import { type CodeRecord, ordered } from '../codes/record';
import { CODE_TYPES, type CodeType } from '../names/code-types';
import { type DatedRecord, recordOn } from '../codes/dated-record';
import type { EditionDays } from '../codes/editions';
import type { AppError } from '../names/errors';
import { keys } from '../names/keys';
import type { BatchError, BatchResult } from './answers';
import { type AskedDay, dayAsked, type DatedAnswer, editionFor } from './asked-day';
import { recordEntry } from './entries';
import type { LookupHost } from './host';
import type { BatchQuestion, CodeRef } from './questions';
import { ofOneRelease, originOf } from './one-release';
import { NoEdition } from './no-edition';
import { NotInRelease } from './not-in-release';

export interface RecordQuestion extends CodeRef {
  /** Date of service; today by default. */
  readonly on?: string | undefined;
  /** Whether all states come along. */
  readonly history?: boolean | undefined;
}

/** @throws NotInRelease, NoEdition */
export async function lookUpRecord(
  host: LookupHost,
  { type, code, on, history }: RecordQuestion,
  usageTeam?: string,
): Promise<DatedAnswer<DatedRecord>> {
  // Before the read, so that the count travels with it; the roll-up drops uses of codes that do not exist.
  if (usageTeam !== undefined) host.countUse?.(usageTeam, type, code);
  const answer = await host.cache.get(recordEntry(host.catalog, type, code));
  const { value, outcome, release } = answer;
  const asked = dayAsked(on, host.now());
  const edition = editionFor(host.cache.editions(release), type, asked, answer);
  if (value === undefined) throw new NotInRelease('code', type, code, { value, outcome, release, edition });
  return { value: recordOn(value, asked.on, history), outcome, release, edition, goodFor: asked.goodFor };
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

/** One result per item, in order; what cannot be a code is that item's error. A code asked for twice is read once. */
export async function lookUpBatch(
  host: LookupHost,
  { items, on }: BatchQuestion,
  usageTeam?: string,
): Promise<DatedAnswer<BatchResult[]>> {
  const refs = new Map<string, CodeRef>();
  const entries: Entry<CodeRecord>[] = [];
  for (const { code, type, problem } of items) {
    if (problem !== undefined) continue;
    const entry = recordEntry(host.catalog, type, code);
    if (usageTeam !== undefined) host.countUse?.(usageTeam, type, code);
    if (refs.has(entry.key)) continue;
    refs.set(entry.key, { type, code });
    entries.push(entry);
  }
  const answers = await ofOneRelease(() =>
    host.cache.getMany(entries, (release, missing) => loadRecords(host, release, missing, refs)),
  );
  const records = new Map(entries.map(({ key }, index) => [key, answers[index]?.value]));
  const origin = originOf(answers);
  const asked = dayAsked(on, host.now());
  const edition = batchEditions(host.cache.editions(origin.release), asked, { value: undefined, ...origin });
  const value = items.map(({ type, code, problem }): BatchResult => {
    if (problem !== undefined) return { type, code, found: false, error: batchError(problem) };
    const of = edition(type);
    if (of instanceof NoEdition) return { type, code, found: false, error: batchError(of) };
    const record = records.get(keys.code(type, code));
    if (record === undefined) return { type, code, found: false };
    return { type, code, found: true, record: recordOn(record, asked.on) };
  });
  return { value, ...origin, edition: onlyEdition(items, edition), goodFor: asked.goodFor };
}

/** The edition, or why there is none, of each system; asked for once. */
function batchEditions(
  editions: EditionDays | undefined,
  asked: AskedDay,
  answer: Answer<undefined>,
): (type: CodeType) => string | undefined | NoEdition {
  const known = new Map<CodeType, string | undefined | NoEdition>();
  return (type) => {
    if (!known.has(type)) {
      try {
        known.set(type, editionFor(editions, type, asked, answer));
      } catch (error) {
        if (!(error instanceof NoEdition)) throw error;
        known.set(type, error);
      }
    }
    return known.get(type);
  };
}

/** The edition of all systems that were asked for, where it is one. */
function onlyEdition(
  items: BatchQuestion['items'],
  edition: (type: CodeType) => string | undefined | NoEdition,
): string | undefined {
  const types = new Set(items.flatMap(({ type, problem }) => (problem === undefined ? [type] : [])));
  const [first, ...others] = new Set([...types].map(edition));
  return others.length > 0 || first instanceof NoEdition ? undefined : first;
}

function batchError({ code, message, details }: AppError): BatchError {
  const { suggestion } = details;
  return { code, detail: message, ...(typeof suggestion === 'string' ? { suggestion } : {}) };
}

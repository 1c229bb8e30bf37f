import type { Entry } from '../cache/entry';
import { type Manifest, typesOf } from '../catalog/manifest';
import { categoryIsShard } from '../catalog/shards';
import type { ObjectStore } from '../store/object-store';
import { teamsOf } from '../catalog/teams';
import type { CodeRecord } from '../codes/record';
import type { CodeType } from '../names/code-types';
import { type HotCodesDocument, scoresOf } from '../hot-codes/hot-codes-document';
import { parseUsageMember } from '../hot-codes/usage-member';
import { loadRecords } from '../lookup/codes';
import { categoryEntryOf, crosswalkEntry, hotCodesEntry, recordEntry } from '../lookup/entries';
import type { LookupCatalog } from '../lookup/host';
import type { CodeRef } from '../lookup/questions';
import { WARM_CHUNK, warmStep, type WarmStep } from './warm';

export interface WarmSource {
  readonly catalog: LookupCatalog & { manifest(release: string): Promise<Manifest> };
  readonly store: Pick<ObjectStore, 'list'>;
  /** A team's list with its scores; undefined while it has none. */
  document(teamId: string): Promise<HotCodesDocument | undefined>;
}

/** Most codes warmed because teams use them, beyond what a full warm-up loads anyway. */
export const MOST_USED_LIMIT = 10_000;

/** What teams use: every team's list, then the codes themselves and their crosswalks, most used first. */
export async function* usedSteps(source: WarmSource, release: string): AsyncIterable<WarmStep> {
  const totals = new Map<string, number>();
  for (const teamId of await teamsOf(source.store)) {
    const document = await source.document(teamId);
    if (document === undefined) continue;
    for (const [member, score] of scoresOf(document)) totals.set(member, (totals.get(member) ?? 0) + score);
    yield single(
      'hot:codes',
      hotCodesEntry({ catalog: source.catalog, hotCodes: () => Promise.resolve(document) }, teamId),
    );
  }
  const refs = [...totals]
    .sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || (a < b ? -1 : 1))
    .slice(0, MOST_USED_LIMIT)
    .flatMap(([member]) => parseUsageMember(member) ?? []);
  for (const chunk of chunks(refs)) {
    yield* recordSteps(source, chunk);
    yield* crosswalkSteps(source, release, chunk);
  }
}

/** Every record, category and crosswalk of a release, category by category. */
export async function* releaseSteps(source: WarmSource, release: string): AsyncIterable<WarmStep> {
  const manifest = await source.catalog.manifest(release);
  for (const type of typesOf(manifest)) {
    for (const category of categoriesOf(manifest, type)) {
      const codes = (await source.catalog.category(release, type, category)) ?? [];
      yield single(`${type}:category`, categoryEntryOf(source.catalog, type, category));
      for (const chunk of chunks(codes.map(({ code }): CodeRef => ({ type, code })))) {
        yield* recordSteps(source, chunk);
        yield* crosswalkSteps(source, release, chunk);
      }
    }
  }
}

/** About how many keys `releaseSteps` handles, for a progress bar: crosswalks are not counted. */
export function keysIn(manifest: Manifest): number {
  return typesOf(manifest).reduce(
    (sum, type) => sum + (manifest.counts[type]?.total ?? 0) + categoriesOf(manifest, type).length,
    0,
  );
}

/** Categories of a system that the release holds, by the names of their objects. */
function categoriesOf(manifest: Manifest, type: CodeType): string[] {
  const prefix = categoryIsShard(type) ? `${type}/` : `${type}/categories/`;
  return Object.keys(manifest.objects)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length, -'.json.gz'.length))
    .filter((name) => !name.includes('/'));
}

function* recordSteps(source: WarmSource, refs: readonly CodeRef[]): Iterable<WarmStep> {
  for (const [type, group] of Map.groupBy(refs, (ref) => ref.type)) {
    const byKey = new Map<string, CodeRef>();
    const entries = group.map((ref): Entry<CodeRecord> => {
      const entry = recordEntry(source.catalog, ref.type, ref.code);
      byKey.set(entry.key, ref);
      return entry;
    });
    yield warmStep({
      family: type,
      entries,
      loadMany: (release, missing) => loadRecords(source, release, missing, byKey),
    });
  }
}

/** Crosswalks of those codes that have any: an empty list is not worth a key. */
async function* crosswalkSteps(
  source: WarmSource,
  release: string,
  refs: readonly CodeRef[],
): AsyncIterable<WarmStep> {
  const entries = [];
  for (const { type, code } of refs) {
    if (type !== 'icd10') continue;
    if ((await source.catalog.crosswalk(release, code)).length > 0) {
      entries.push(crosswalkEntry(source.catalog, code));
    }
  }
  if (entries.length > 0) yield oneByOne('crosswalk', entries);
}

function single<T>(family: string, entry: Entry<T>): WarmStep {
  return oneByOne(family, [entry]);
}

/** A step whose values come from the catalog reader's own memory, where loading together saves nothing. */
function oneByOne<T>(family: string, entries: readonly Entry<T>[]): WarmStep {
  return warmStep({
    family,
    entries,
    loadMany: async (release, missing) => {
      const loaded = new Map<string, T | undefined>();
      for (const entry of missing) loaded.set(entry.key, await entry.load(release));
      return loaded;
    },
  });
}

function* chunks<T>(all: readonly T[]): Iterable<T[]> {
  for (let from = 0; from < all.length; from += WARM_CHUNK) yield all.slice(from, from + WARM_CHUNK);
}

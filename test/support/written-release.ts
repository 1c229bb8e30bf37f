import { ReleaseWriter } from '../../lambda/catalog/build/release-writer';
import { layout } from '../../lambda/catalog/layout';
import type { CrosswalkShard } from '../../lambda/catalog/link-groups';
import type { CodeCounts, Manifest } from '../../lambda/catalog/manifest';
import { categoryEntry, categoryIsShard, shardKey } from '../../lambda/catalog/shards';
import type { CodeRecord, CrosswalkLink } from '../../lambda/codes/record';
import { CODE_SYSTEMS } from '../../lambda/codes/systems';
import { CODE_TYPES, type CodeType } from '../../lambda/names/code-types';
import { readableJson } from '../../lambda/store/json-objects';
import type { ObjectStore } from '../../lambda/store/object-store';

interface WrittenRelease {
  records: readonly CodeRecord[];
  /** First days of the editions; without them each system has one that nobody dated. */
  editions?: Partial<Record<CodeType, readonly string[]>>;
  /** Links by diagnosis. */
  links?: Readonly<Record<string, readonly CrosswalkLink[]>>;
}

/** Stores a complete release of records given as they are, whatever files they might come from. */
export async function writeRelease(
  store: ObjectStore,
  release: string,
  { records, editions = {}, links = {} }: WrittenRelease,
): Promise<Manifest> {
  const writer = new ReleaseWriter(store, release);
  await writer.writeAll([...objectsOf(release, records), ...linkObjects(release, links)]);
  const types = CODE_TYPES.filter((type) => records.some((record) => record.type === type));
  const manifest: Manifest = {
    release,
    createdAt: '2026-01-02T03:04:05.000Z',
    counts: Object.fromEntries(types.map((type) => [type, countsOf(records, type)])),
    editions: Object.fromEntries(
      types.map((type) => [
        type,
        (editions[type] ?? [undefined]).map((from) => ({ from, codes: 0, billable: 0 })),
      ]),
    ),
    noteEditions: [],
    crosswalkLinks: Object.values(links).flat().length,
    codesWithNotes: records.filter(({ notes }) => notes !== undefined).length,
    sources: [],
    objects: writer.objects(),
  };
  await store.put(layout.manifest(release), readableJson(manifest));
  return manifest;
}

function objectsOf(release: string, records: readonly CodeRecord[]): { key: string; value: unknown }[] {
  const shards = Map.groupBy(records, ({ type, code }) => shardKey(release, type, code));
  const lists = Map.groupBy(
    records.filter(({ type }) => !categoryIsShard(type)),
    ({ type, category }) => layout.category(release, type, category),
  );
  return [
    ...[...shards].map(([key, value]) => ({ key, value })),
    ...[...lists].map(([key, list]) => ({ key, value: list.map(categoryEntry) })),
  ];
}

function linkObjects(
  release: string,
  links: NonNullable<WrittenRelease['links']>,
): { key: string; value: CrosswalkShard }[] {
  const shards = Map.groupBy(Object.entries(links), ([icd10]) => CODE_SYSTEMS.icd10.shard(icd10));
  return [...shards].map(([name, diagnoses]) => {
    const value: CrosswalkShard = { groups: [], codes: {} };
    for (const [icd10, own] of diagnoses) {
      value.codes[icd10] = own.map(({ cpt, relationship, sources: [source] }) => {
        const group = { procedures: [cpt], relationship, ...(source === undefined ? {} : { source }) };
        return value.groups.push(group) - 1;
      });
    }
    return { key: layout.crosswalk(release, name), value };
  });
}

function countsOf(records: readonly CodeRecord[], type: CodeType): CodeCounts {
  const counts: CodeCounts = { total: 0, billable: 0, header: 0, ended: 0 };
  for (const record of records.filter((each) => each.type === type)) {
    counts.total += 1;
    counts[record.validTo !== undefined ? 'ended' : record.billable ? 'billable' : 'header'] += 1;
  }
  return counts;
}

/** An ICD-10-CM record in invented words; `members` say what is special about it. */
export function icd10Record(code: string, members: Partial<CodeRecord> = {}): CodeRecord {
  const words = { description: `SAMPLE ${code} in full`, shortDescription: `SAMPLE ${code}` };
  return { type: 'icd10', code, category: code.slice(0, 3), billable: true, ...words, ...members };
}

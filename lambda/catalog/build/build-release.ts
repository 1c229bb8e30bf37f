import { CODE_TYPES, type CodeType } from '../../names/code-types';
import { InvalidRequest } from '../../names/errors';
import { addCodes } from './build-codes';
import { BaseRelease } from './base-release';
import { addCrosswalk } from './build-crosswalk';
import type { BuildStep } from './build-step';
import type { BuildHost, BuildRequest, BuildSources, NamedSources } from './build-request';
import type { DatedSource } from '../import/edition-day';
import type { CodeShards } from './code-shards';
import { CatalogConflict } from '../conflict';
import { BadLines, type SkippedLine } from '../import/import-error';
import { layout } from '../layout';
import { type Manifest, parseReleaseId } from '../manifest';
import { readableJson } from '../../store/json-objects';
import { ReleaseWriter } from './release-writer';
import type { ObjectStore } from '../../store/object-store';

export interface BuildReport {
  release: string;
  manifest: Manifest;
  skipped: { total: number; listed: readonly SkippedLine[] };
  /** What a person should know about the sources; never a reason to stop. */
  warnings: string[];
}

/**
 * Builds a release that nobody sees until it is published: reads every source, stores the shards, and writes
 * the manifest last. A release left half-built by a crash may be built again; a complete one is immutable.
 * @throws CatalogConflict when the release is complete already
 * @throws ImportError for the first line that cannot be imported, unless `skipInvalid`
 */
export async function buildRelease(
  store: ObjectStore,
  request: BuildRequest,
  host: BuildHost,
): Promise<BuildReport> {
  const release = parseReleaseId(request.release);
  const sources = sourcesOf(request.sources);
  refuseNothing(sources, request.base);
  await refuseComplete(store, release);
  const base =
    request.base === undefined ? undefined : await BaseRelease.open(store, parseReleaseId(request.base));
  const bad = new BadLines(request.skipInvalid === true);
  const writer = new ReleaseWriter(store, release);
  const manifest: Manifest = {
    release,
    createdAt: host.now().toISOString(),
    counts: {},
    editions: {},
    noteEditions: [],
    crosswalkLinks: 0,
    codesWithNotes: 0,
    sources: [],
    objects: {},
  };
  const warnings: string[] = [];
  const step: BuildStep = { sources, base, host, bad, writer, manifest, warnings };
  const codes = new Map<CodeType, CodeShards>();
  for (const type of CODE_TYPES) {
    const shards = await addCodes(step, type);
    if (shards !== undefined) codes.set(type, shards);
  }
  await addCrosswalk(step, codes.get('icd10'));
  await writer.removeLeftovers();
  manifest.objects = writer.objects();
  await finish(store, manifest);
  return { release, manifest, skipped: { total: bad.total, listed: bad.listed }, warnings };
}

/** The manifest last, and only while there is none: from here on the release is complete and immutable. */
async function finish(store: ObjectStore, manifest: Manifest): Promise<void> {
  const key = layout.manifest(manifest.release);
  const { written } = await store.putIfMatch(key, readableJson(manifest), undefined);
  if (written) return;
  throw new CatalogConflict(
    `Another build of release ${manifest.release} finished first, and the two may have mixed. Build under another id.`,
  );
}

async function refuseComplete(store: ObjectStore, release: string): Promise<void> {
  if ((await store.get(layout.manifest(release))) === undefined) return;
  throw new CatalogConflict(
    `Release ${release} exists in ${store.url} and is immutable. Build under another id.`,
  );
}

function sourcesOf(named: NamedSources): BuildSources {
  const dated = (files: readonly (string | DatedSource)[] = []): DatedSource[] =>
    files.map((file) => (typeof file === 'string' ? { path: file } : file));
  return {
    icd10: dated(named.icd10),
    cpt: dated(named.cpt),
    hcpcs: dated(named.hcpcs),
    icd10Notes: dated(named.icd10Notes),
    icd10Addenda: dated(named.icd10Addenda),
    icd10Conversion: named.icd10Conversion ?? [],
    crosswalk: named.crosswalk ?? [],
  };
}

/** A release of nothing would make every code unknown, and notes are nothing without their codes. */
function refuseNothing(sources: BuildSources, base: string | undefined): void {
  if (base !== undefined) {
    if (Object.values(sources).some((files) => files.length > 0)) return;
    throw new InvalidRequest(
      'sources',
      `Nothing is given anew, so that the release would be ${base} itself.`,
    );
  }
  if (CODE_TYPES.every((type) => sources[type].length === 0)) {
    throw new InvalidRequest(
      'sources',
      'A release needs at least one file of codes: ICD-10-CM, CPT or HCPCS.',
    );
  }
  const companions = [
    ['icd10Notes', 'Notes of the tabular list need'],
    ['icd10Addenda', 'Addenda need'],
    ['icd10Conversion', 'A conversion table needs'],
  ] as const;
  for (const [kind, needs] of companions) {
    if (sources[kind].length > 0 && sources.icd10.length === 0) {
      throw new InvalidRequest(kind, `${needs} the ICD-10-CM codes they belong to, or --base.`);
    }
  }
}

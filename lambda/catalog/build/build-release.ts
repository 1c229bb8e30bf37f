import { CODE_TYPES, type CodeType } from '../../names/code-types';
import { InvalidRequest } from '../../names/errors';
import { addCodes } from './build-codes';
import { addCrosswalk } from './build-crosswalk';
import type { BuildHost, BuildRequest, BuildSources } from './build-request';
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
 * @throws the reason of the host's signal
 */
export async function buildRelease(
  store: ObjectStore,
  request: BuildRequest,
  host: BuildHost,
): Promise<BuildReport> {
  const release = parseReleaseId(request.release);
  await refuseComplete(store, release);
  const bad = new BadLines(request.skipInvalid === true);
  const writer = new ReleaseWriter(store, release);
  const manifest: Manifest = {
    release,
    createdAt: host.now().toISOString(),
    counts: {},
    editions: {},
    crosswalkLinks: 0,
    codesWithNotes: 0,
    sources: [],
    objects: {},
  };
  const warnings: string[] = [];
  const step = { request, host, bad, writer, manifest, warnings };
  refuseNothing(request.sources);
  const codes = new Map<CodeType, CodeShards>();
  for (const type of CODE_TYPES) {
    const shards = await addCodes(step, type);
    if (shards !== undefined) codes.set(type, shards);
  }
  await addCrosswalk(step, codes.get('icd10'));
  await writer.removeLeftovers();
  manifest.objects = writer.objects();
  host.signal?.throwIfAborted();
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

/** A release of nothing would make every code unknown, and notes are nothing without their codes. */
function refuseNothing(sources: BuildSources): void {
  if (CODE_TYPES.every((type) => sources[type].length === 0)) {
    throw new InvalidRequest(
      'sources',
      'A release needs at least one file of codes: ICD-10-CM, CPT or HCPCS.',
    );
  }
  if (sources.icd10Notes.length > 0 && sources.icd10.length === 0) {
    throw new InvalidRequest(
      'icd10Notes',
      'Notes of the tabular list need the ICD-10-CM codes they belong to.',
    );
  }
}

import { CODE_SYSTEMS, CODE_TYPES, type CodeType } from '../codes/systems';
import { CodeShards } from './code-shards';
import { CatalogConflict } from './conflict';
import { type CodeSource, openCodeSources } from './import/code-source';
import { BadLines, type SkippedLine } from './import/import-error';
import type { SourceFile } from './import/source-file';
import { layout } from './layout';
import { type Manifest, type ManifestSource, parseReleaseId } from './manifest';
import { readableJson } from './objects';
import { ReleaseWriter } from './release-writer';
import type { ObjectStore } from './store';

/** Files of a release by kind; each may be plain or gzip, and in any format its kind takes. */
export type BuildSources = Record<CodeType, readonly string[]> & {
  icd10Notes: readonly string[];
  crosswalk: readonly string[];
};

export interface BuildRequest {
  release: string;
  sources: BuildSources;
  /** Leave out and list lines that cannot be imported, instead of stopping at the first. */
  skipInvalid?: boolean;
}

/** How far a build is: reading a source counts bytes, storing counts objects. */
export interface BuildProgress {
  step: 'read' | 'store';
  /** File or kind of object at work. */
  subject: string;
  done: number;
  total: number;
}

export interface BuildHost {
  now(): Date;
  onProgress?(progress: BuildProgress): void;
}

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
  await refuseComplete(store, release);
  const bad = new BadLines(request.skipInvalid === true);
  const writer = new ReleaseWriter(store, release);
  const manifest: Manifest = {
    release,
    createdAt: host.now().toISOString(),
    counts: {},
    crosswalkLinks: 0,
    codesWithNotes: 0,
    sources: [],
    objects: {},
  };
  const warnings: string[] = [];
  const step = { request, host, bad, writer, manifest, warnings };
  for (const type of CODE_TYPES) {
    if (request.sources[type].length > 0) await addCodes(step, type);
  }
  await writer.removeLeftovers();
  manifest.objects = writer.objects();
  await finish(store, manifest);
  return { release, manifest, skipped: { total: bad.total, listed: bad.listed }, warnings };
}

/** What the steps of one build share. */
interface BuildStep {
  readonly request: BuildRequest;
  readonly host: BuildHost;
  readonly bad: BadLines;
  readonly writer: ReleaseWriter;
  readonly manifest: Manifest;
  readonly warnings: string[];
}

/** Reads every source of a code system and stores its shards. */
async function addCodes(step: BuildStep, type: CodeType): Promise<void> {
  const shards = new CodeShards(type);
  for (const source of await openCodeSources(type, step.request.sources[type])) {
    const rows = await readCodes(step, shards, source);
    for (const [index, file] of source.files.entries()) {
      step.manifest.sources.push(sourceOf(step.bad, file, source.format, index === 0 ? rows : 0));
      warnOfLegacyText(step, file);
    }
  }
  step.manifest.counts[type] = shards.counts;
  step.manifest.codesWithNotes += shards.codesWithNotes;
  await storeAll(step, CODE_SYSTEMS[type].name, [...shards.objects(step.manifest.release)]);
}

async function readCodes(step: BuildStep, shards: CodeShards, source: CodeSource): Promise<number> {
  const [file] = source.files;
  const total = source.files.reduce((sum, each) => sum + each.size, 0);
  let rows = 0;
  const onBytes = (done: number): void =>
    step.host.onProgress?.({ step: 'read', subject: file.name, done, total });
  for await (const { line, record } of source.read(step.bad, onBytes)) {
    if (shards.add(record)) rows += 1;
    else step.bad.reject(file.name, line, `code ${record.code} stands in the sources twice`);
  }
  return rows;
}

async function storeAll(
  step: BuildStep,
  subject: string,
  objects: readonly { key: string; value: unknown }[],
): Promise<void> {
  const total = objects.length;
  let done = 0;
  await step.writer.writeAll(objects, () => {
    done += 1;
    step.host.onProgress?.({ step: 'store', subject, done, total });
  });
}

function sourceOf(bad: BadLines, file: SourceFile, format: string, rows: number): ManifestSource {
  const { name, sha256, size: bytes } = file;
  return { name, format, sha256, bytes, rows, skipped: bad.countOf(name) };
}

function warnOfLegacyText(step: BuildStep, file: SourceFile): void {
  if (file.legacyLines === 0) return;
  step.warnings.push(
    `${file.name}: ${file.legacyLines} lines are not UTF-8 and were read as Windows-1252; check their accents.`,
  );
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

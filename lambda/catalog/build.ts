import { CODE_SYSTEMS, CODE_TYPES, type CodeType } from '../codes/systems';
import { InvalidRequest } from '../errors';
import { CodeShards } from './code-shards';
import { CatalogConflict } from './conflict';
import { CrosswalkShards } from './crosswalk-shards';
import { type CodeSource, openCodeSources } from './import/code-source';
import { type CrosswalkSource, openCrosswalkSources } from './import/crosswalk-source';
import { BadLines, ImportError, type SkippedLine } from './import/import-error';
import { type OnBytes, SourceFile } from './import/source-file';
import { isTabularXml, readTabularNotes } from './import/tabular-notes';
import { layout } from './layout';
import { type Manifest, parseReleaseId } from './manifest';
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
  refuseNothing(request.sources);
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
async function addCodes(step: BuildStep, type: CodeType): Promise<CodeShards | undefined> {
  const { sources } = step.request;
  if (sources[type].length === 0) return undefined;
  const shards = new CodeShards(type);
  for (const source of await openCodeSources(type, sources[type])) {
    const rows = await readCodes(step, shards, source);
    recordSources(step, source, rows);
  }
  if (type === 'icd10') await addNotes(step, shards);
  step.manifest.counts[type] = shards.counts;
  step.manifest.codesWithNotes += shards.codesWithNotes;
  await storeAll(step, CODE_SYSTEMS[type].name, shards.size, shards.objects(step.manifest.release));
  return shards;
}

async function addNotes(step: BuildStep, shards: CodeShards): Promise<void> {
  for (const path of step.request.sources.icd10Notes) {
    const file = await SourceFile.open(path);
    if (!isTabularXml(await file.head())) {
      throw new ImportError(
        file.name,
        undefined,
        'it is not recognised as the ICD-10-CM tabular list',
        'Give the icd10cm_tabular_YYYY.xml of the same year as the order file.',
      );
    }
    const notes = await readTabularNotes(file, step.bad, progressOf(step, file.name, file.size));
    const unknown = shards.attach(notes);
    recordSources(step, { format: 'icd10cm-tabular', files: [file] }, notes.size - unknown.length);
    if (unknown.length > 0) {
      step.warnings.push(
        `${file.name}: notes of ${unknown.length} codes that the release does not have were left out (${some(unknown)}); are the two files of one year?`,
      );
    }
  }
}

async function addCrosswalk(step: BuildStep, diagnoses: CodeShards | undefined): Promise<void> {
  const shards = new CrosswalkShards();
  const read: { source: CrosswalkSource; rows: number }[] = [];
  for (const source of await openCrosswalkSources(step.request.sources.crosswalk)) {
    const onBytes = progressOf(step, source.files[0].name, sizeOf(source.files));
    let rows = 0;
    for await (const row of source.read(step.bad, onBytes, (text) => step.warnings.push(text))) {
      shards.add(row);
      rows += 1;
    }
    read.push({ source, rows });
  }
  await storeAll(step, 'crosswalk', shards.size, shards.objects(step.manifest.release, step.bad));
  step.manifest.crosswalkLinks = shards.links;
  for (const { source, rows } of read) recordSources(step, source, rows);
  if (diagnoses === undefined) return;
  const unknown = [...shards.diagnoses()].filter((code) => !diagnoses.has(code));
  if (unknown.length === 0) return;
  step.warnings.push(
    `The crosswalk names ${unknown.length} ICD-10-CM codes that the release does not have (${some(unknown)}); nobody will be able to ask for them.`,
  );
}

async function readCodes(step: BuildStep, shards: CodeShards, source: CodeSource): Promise<number> {
  const [{ name }] = source.files;
  let rows = 0;
  for await (const { line, record } of source.read(step.bad, progressOf(step, name, sizeOf(source.files)))) {
    if (shards.add(record)) rows += 1;
    else step.bad.reject(name, line, `code ${record.code} stands in the sources twice`);
  }
  return rows;
}

async function storeAll(
  step: BuildStep,
  subject: string,
  total: number,
  objects: Iterable<{ key: string; value: unknown }>,
): Promise<void> {
  let done = 0;
  await step.writer.writeAll(objects, () => {
    done += 1;
    step.host.onProgress?.({ step: 'store', subject, done, total });
  });
}

/** Puts a source into the manifest; its rows are counted at its first file. */
function recordSources(
  step: BuildStep,
  { format, files }: { format: string; files: readonly SourceFile[] },
  rows: number,
): void {
  for (const [index, { name, sha256, size, legacyLines }] of files.entries()) {
    const skipped = step.bad.countOf(name);
    step.manifest.sources.push({ name, format, sha256, bytes: size, rows: index === 0 ? rows : 0, skipped });
    if (legacyLines > 0) {
      step.warnings.push(
        `${name}: ${legacyLines} lines are not UTF-8 and were read as Windows-1252; check their accents.`,
      );
    }
  }
}

function progressOf(step: BuildStep, subject: string, total: number): OnBytes {
  return (done) => step.host.onProgress?.({ step: 'read', subject, done, total });
}

function sizeOf(files: readonly SourceFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

/** A few of many, for a message. */
function some(codes: readonly string[]): string {
  return codes.length > 3 ? `${codes.slice(0, 3).join(', ')}, …` : codes.join(', ');
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

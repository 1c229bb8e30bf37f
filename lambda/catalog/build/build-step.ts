import type { BaseRelease } from './base-release';
import type { BuildHost, BuildSources } from './build-request';
import type { BadLines } from '../import/import-error';
import type { OnBytes, SourceFile } from '../import/source-file';
import type { Manifest } from '../manifest';
import type { ReleaseWriter } from './release-writer';

/** What the steps of one build share. */
export interface BuildStep {
  readonly sources: BuildSources;
  readonly base: BaseRelease | undefined;
  readonly host: BuildHost;
  readonly bad: BadLines;
  readonly writer: ReleaseWriter;
  readonly manifest: Manifest;
  readonly warnings: string[];
}

export async function storeAll(
  step: BuildStep,
  subject: string,
  total: number,
  objects: Iterable<{ key: string; value: unknown }>,
): Promise<void> {
  let done = 0;
  await step.writer.writeAll(objects, () => {
    step.host.signal?.throwIfAborted();
    done += 1;
    step.host.onProgress?.({ step: 'store', subject, done, total });
  });
}

/** Puts a source into the manifest; its rows are counted at its first file. */
export function recordSources(
  step: BuildStep,
  kind: string,
  { format, files, from }: { format: string; files: readonly SourceFile[]; from?: string | undefined },
  rows: number,
): void {
  for (const [index, { name, sha256, size, legacyLines }] of files.entries()) {
    const skipped = step.bad.countOf(name);
    step.manifest.sources.push({
      kind,
      ...(from === undefined ? {} : { from }),
      name,
      format,
      sha256,
      bytes: size,
      rows: index === 0 ? rows : 0,
      skipped,
    });
    if (legacyLines > 0) {
      step.warnings.push(
        `${name}: ${legacyLines} lines are not UTF-8 and were read as Windows-1252; check their accents.`,
      );
    }
  }
}

/** Goes on naming the sources of what the base has given. */
export function carrySources(
  { base, manifest }: BuildStep,
  carries: (kind: string, from?: string) => boolean,
): void {
  for (const source of base?.manifest.sources ?? []) {
    if (!carries(source.kind, source.from)) continue;
    manifest.sources.push({ carriedFrom: base?.manifest.release, ...source });
  }
}

export function progressOf(step: BuildStep, subject: string, total: number): OnBytes {
  return (done) => {
    step.host.signal?.throwIfAborted();
    step.host.onProgress?.({ step: 'read', subject, done, total });
  };
}

export function sizeOf(files: readonly SourceFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

/** A few of many, for a message. */
export function some(codes: readonly string[]): string {
  return codes.length > 3 ? `${codes.slice(0, 3).join(', ')}, …` : codes.join(', ');
}

import { DamagedPart } from '../snapshot/part-framing';
import { checksumMatches, rdbVersion } from '../snapshot/payload';
import { printableKey } from '../snapshot/record';
import { SourceUnavailable } from '../names/errors';
import type { Backup } from './open-backup';
import type { BackupPart } from './backup-manifest';
import { readPart } from './part-reader';
import { contentsProblems } from './soundness';
import type { ObjectStore } from '../store/object-store';

/** What re-reading a backup found. It is sound when `problems` is empty. */
export interface VerifyReport {
  readonly run: string;
  parts: number;
  keys: number;
  /** Bytes stored. */
  bytes: number;
  /** Each names the object and what is wrong with it; the first hundred. */
  problems: string[];
}

const MAX_PROBLEMS = 100;

/**
 * Compares manifest and folder, then re-reads every part: its sha256 and length, the framing and checksum of each
 * record, the CRC-64 and RDB version of each payload, and the counts. A bad part does not end the search.
 */
export async function verifyBackup(
  store: ObjectStore,
  backup: Backup,
  onProgress?: (keys: number) => void,
): Promise<VerifyReport> {
  const { manifest, run } = backup;
  const report: VerifyReport = { run, parts: 0, keys: 0, bytes: 0, problems: [] };
  const problem = (text: string): void => {
    if (report.problems.length < MAX_PROBLEMS) report.problems.push(text);
  };
  (await contentsProblems(store, backup)).forEach(problem);
  for (const part of manifest.parts) {
    // What is missing or of another size needs no reading.
    if (report.problems.some((text) => text.startsWith(`${part.name}: `))) continue;
    try {
      await verifyPart(store, backup, part, problem, (keys) => onProgress?.(report.keys + keys));
    } catch (error) {
      if (!(error instanceof DamagedPart) && !(error instanceof SourceUnavailable)) throw error;
      problem(`${part.name}: ${error.message}`);
    }
    report.parts += 1;
    report.keys += part.keys;
    report.bytes += part.bytes;
  }
  return report;
}

async function verifyPart(
  store: ObjectStore,
  { folder, manifest }: Backup,
  part: BackupPart,
  problem: (text: string) => void,
  onProgress: (keys: number) => void,
): Promise<void> {
  let keys = 0;
  for await (const { key, payload } of readPart(store, folder + part.name, part)) {
    keys += 1;
    if (keys % 1_000 === 0) onProgress(keys);
    if (!checksumMatches(payload))
      problem(`${part.name}: the payload of ${printableKey(key)} is damaged (CRC-64)`);
    const version = rdbVersion(payload) ?? 0;
    if (version > (manifest.redis.rdbVersion ?? 0)) {
      problem(
        `${part.name}: ${printableKey(key)} is of RDB version ${version}, newer than the manifest names`,
      );
    }
  }
}

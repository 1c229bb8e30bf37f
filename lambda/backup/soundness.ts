import { createHash } from 'node:crypto';
import { AppError } from '../names/errors';
import type { ObjectStore } from '../store/object-store';
import { isPartName } from './backup-layout';
import type { BackupPart } from './backup-manifest';
import type { Backup } from './open-backup';

const SHOWN_PROBLEMS = 5;

/** A backup that is not what its manifest says; nothing was written. */
export class DamagedBackup extends AppError {
  constructor(run: string, problems: readonly string[]) {
    const shown = problems.slice(0, SHOWN_PROBLEMS).join('; ');
    const more = problems.length > SHOWN_PROBLEMS ? `; and ${problems.length - SHOWN_PROBLEMS} more` : '';
    super(
      'UNAVAILABLE',
      `Backup ${run} is damaged: ${shown}${more}. Nothing was written. Restore an older backup; \`backup verify\` tells which are sound.`,
    );
  }
}

/**
 * What manifest and folder say of each other that cannot be: parts that are missing, of another size, named twice,
 * or there without being named, and counts that do not add up. No part is read.
 * @throws SourceUnavailable
 */
export async function contentsProblems(store: ObjectStore, backup: Backup): Promise<string[]> {
  const { folder, manifest } = backup;
  const sizes = new Map<string, number>();
  for await (const { key, size } of store.list(folder)) sizes.set(key.slice(folder.length), size);
  const named = new Set<string>();
  const problems: string[] = [];
  for (const { name, bytes } of manifest.parts) {
    const size = sizes.get(name);
    if (named.has(name)) problems.push(`manifest.json: it lists ${name} twice`);
    else if (size === undefined) problems.push(`${name}: it is missing`);
    else if (size !== bytes) problems.push(`${name}: it has ${size} bytes, the manifest says ${bytes}`);
    named.add(name);
  }
  for (const name of sizes.keys()) {
    if (isPartName(name) && !named.has(name)) problems.push(`${name}: the manifest does not name it`);
  }
  const keys = manifest.parts.reduce((sum, part) => sum + part.keys, 0);
  if (keys !== manifest.keys) {
    problems.push(`manifest.json: it says ${manifest.keys} keys, its parts hold ${keys}`);
  }
  return problems;
}

/**
 * Checks a whole backup before its first key is written: what the manifest and the folder say of each other, then the
 * sha256 of every part. Reads each part once.
 * @param onProgress told the bytes checked so far
 * @throws DamagedBackup, SourceUnavailable
 */
export async function assertSound(
  store: ObjectStore,
  backup: Backup,
  onProgress?: (bytes: number) => void,
): Promise<void> {
  const problems = await contentsProblems(store, backup);
  if (problems.length > 0) throw new DamagedBackup(backup.run, problems);
  let checked = 0;
  for (const part of backup.manifest.parts) {
    const hash = createHash('sha256');
    for await (const chunk of store.getStream(backup.folder + part.name)) {
      hash.update(chunk);
      checked += chunk.length;
      onProgress?.(checked);
    }
    const sha256 = hash.digest('hex');
    if (sha256 !== part.sha256) problems.push(differing(part, sha256));
  }
  if (problems.length > 0) throw new DamagedBackup(backup.run, problems);
}

function differing({ name, sha256: wanted }: BackupPart, sha256: string): string {
  return `${name}: its sha256 is ${sha256}, the manifest says ${wanted}`;
}

/** Bytes of all parts, stored. */
export function storedBytes({ manifest }: Pick<Backup, 'manifest'>): number {
  return manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
}

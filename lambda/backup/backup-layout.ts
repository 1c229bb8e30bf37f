import { checkedPrefix } from '../store/object-key';

/**
 * Object keys of backups. A run is a folder named by its start in ISO 8601 (UTC, so that names sort by
 * time); it counts as a backup once it holds a manifest, which is written last.
 */
export const MANIFEST_NAME = 'manifest.json';
export const CHECKPOINT_NAME = 'checkpoint.json';

const RUN_NAME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
/** What Redis Cloud's own backup writes: one RDB file per shard. */
const RDB_FILE = /\.rdb(\.gz)?$/;

/**
 * A prefix that ends with exactly one slash, or is empty.
 * @throws InvalidRequest when it leads out of the store
 */
export function normalisedPrefix(prefix: string): string {
  return prefix === '' ? '' : checkedPrefix(prefix.replace(/\/*$/, '/'));
}

/** Name of a run that started at `startedAt`: `2026-11-22T03:00:00.000Z`. */
export function runName(startedAt: Date): string {
  return startedAt.toISOString();
}

export function isRunName(name: string): boolean {
  return RUN_NAME.test(name) && !Number.isNaN(Date.parse(name));
}

/** Folder of a run, with the slash. */
export function runFolder(prefix: string, run: string): string {
  return `${normalisedPrefix(prefix)}${run}/`;
}

/** What `partName` makes, and nothing else. */
export const PART_NAME = /^part-\d{5,}\.rdump\.zst$/;

/** File name of the n-th part, counted from 1. */
export function partName(number: number): string {
  return `part-${String(number).padStart(5, '0')}.rdump.zst`;
}

export function isPartName(name: string): boolean {
  return PART_NAME.test(name);
}

export function isRdbFile(key: string): boolean {
  return RDB_FILE.test(key);
}

/** The run and file that a key below `prefix` belongs to; undefined when it is no object of ours. */
export function parseRunKey(prefix: string, key: string): { run: string; file: string } | undefined {
  const base = normalisedPrefix(prefix);
  if (!key.startsWith(base)) return undefined;
  const [run, file, ...rest] = key.slice(base.length).split('/');
  if (run === undefined || file === undefined || rest.length > 0 || !isRunName(run)) return undefined;
  return { run, file };
}

import { layout } from './layout';
import type { Manifest } from './manifest';
import { readPointer } from './pointer';
import type { ObjectStore } from '../store/object-store';
import { readManifest } from './stored-manifest';

/** A release as a store has it. An incomplete one has no manifest: its build is under way, or was cut off. */
export interface ReleaseSummary {
  release: string;
  state: 'live' | 'complete' | 'incomplete';
  /** Absent for an incomplete release. */
  createdAt?: string;
  counts?: Manifest['counts'];
  crosswalkLinks?: number;
  /** Objects in the store, the manifest among them, and their bytes. */
  objects: number;
  bytes: number;
}

/** Every release of a store, by id. */
export async function listReleases(store: ObjectStore): Promise<ReleaseSummary[]> {
  const live = (await readPointer(store))?.pointer.release;
  const sizes = new Map<string, { objects: number; bytes: number }>();
  for await (const { key, size } of store.list(layout.releases)) {
    const release = key.slice(layout.releases.length).split('/', 1)[0] ?? '';
    const sum = sizes.get(release) ?? { objects: 0, bytes: 0 };
    sizes.set(release, { objects: sum.objects + 1, bytes: sum.bytes + size });
  }
  const summaries: ReleaseSummary[] = [];
  for (const [release, size] of sizes) {
    const manifest = (await readManifest(store, release))?.manifest;
    if (manifest === undefined) {
      summaries.push({ release, state: 'incomplete', ...size });
      continue;
    }
    const { createdAt, counts, crosswalkLinks } = manifest;
    const state = release === live ? 'live' : 'complete';
    summaries.push({ release, state, createdAt, counts, crosswalkLinks, ...size });
  }
  return summaries;
}

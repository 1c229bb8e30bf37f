import { eachInParallel } from '../../store/parallel';
import { layout } from '../layout';
import { type ManifestObject, relativeKey } from '../manifest';
import { MEDIA, packJson, sha256 } from '../../store/json-objects';
import type { ObjectStore } from '../../store/object-store';

/** Objects written at a time; an S3 put takes tens of milliseconds, a release has thousands. */
const PARALLEL_WRITES = 16;

/** Stores the objects of a release and remembers what its manifest must say of them. */
export class ReleaseWriter {
  readonly #written = new Map<string, ManifestObject>();

  constructor(
    private readonly store: ObjectStore,
    private readonly release: string,
  ) {}

  /** Stores values as gzip JSON, a few at a time. */
  async writeAll(
    objects: Iterable<{ key: string; value: unknown }>,
    onWritten: () => void = () => undefined,
  ): Promise<void> {
    await eachInParallel(objects, PARALLEL_WRITES, async ({ key, value }) => {
      await this.write(relativeKey(this.release, key), packJson(value));
      onWritten();
    });
  }

  /** Stores one object. @param name its key below the release */
  async write(name: string, body: Uint8Array): Promise<void> {
    this.#written.set(name, { sha256: sha256(body), bytes: body.length });
    await this.store.put(layout.release(this.release) + name, body, { contentType: MEDIA.gzip });
  }

  /** What the manifest lists, by key, in an order that does not depend on which write came first. */
  objects(): Record<string, ManifestObject> {
    return Object.fromEntries([...this.#written].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Removes what an earlier, unfinished build left under this release and this one did not write. */
  async removeLeftovers(): Promise<void> {
    const prefix = layout.release(this.release);
    const leftovers: string[] = [];
    for await (const { key } of this.store.list(prefix)) {
      const ours = this.#written.has(relativeKey(this.release, key));
      if (!ours && key !== layout.manifest(this.release)) leftovers.push(key);
    }
    await eachInParallel(leftovers, PARALLEL_WRITES, (key) => this.store.delete(key));
  }
}

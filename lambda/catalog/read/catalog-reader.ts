import { LRUCache } from 'lru-cache';
import type { CodeRecord, CrosswalkLink } from '../../codes/record';
import type { CodeType } from '../../names/code-types';
import { SourceUnavailable } from '../../names/errors';
import { eachInParallel } from '../../store/parallel';
import { layout } from '../layout';
import { type CrosswalkShard, linksIn } from '../link-groups';
import { type Manifest, parseManifest, relativeKey } from '../manifest';
import { parsePointer, type Pointer } from '../pointer';
import {
  type CategoryEntry,
  categoryEntry,
  categoryIsShard,
  crosswalkKey,
  parseCategoryShard,
  parseCrosswalkShard,
  parseRecordShard,
  shardKey,
} from '../shards';
import { UnknownRelease } from '../unknown-release';
import { SingleFlight } from './single-flight';
import type { ReadableStore } from '../../store/object-store';
import { type ReadObserver, VerifiedReads } from './verified-reads';

export interface CatalogReaderOptions extends ReadObserver {
  /** Most records, and likewise most codes of crosswalk shards, kept parsed in memory. Default 6000. */
  maxRecords?: number;
}

const MAX_RECORDS = 6_000;
/** Two are in use while a publish goes on. */
const MAX_MANIFESTS = 3;
/** Shards of one batch read at a time. */
const PARALLEL_READS = 24;

type Shard = ReadonlyMap<string, CodeRecord>;

/**
 * Reads releases. Every object is compared with the manifest's sha256, and the live release's manifest with
 * the pointer's, so damage is an error and never a wrong record. What the manifest does not list is not in
 * the release, and costs no read. Identical reads at one time share one read of the store. Every method
 * throws SourceUnavailable when the store cannot answer or what it holds is damaged.
 */
export class CatalogReader {
  readonly #reads: VerifiedReads;
  readonly #keptManifests = new LRUCache<string, Manifest>({ max: MAX_MANIFESTS });
  readonly #keptShards: LRUCache<string, Shard>;
  readonly #keptLinks: LRUCache<string, CrosswalkShard>;
  readonly #manifests = new SingleFlight<Manifest>();
  readonly #shards = new SingleFlight<Shard | undefined>();
  readonly #links = new SingleFlight<CrosswalkShard | undefined>();
  readonly #lists = new SingleFlight<CategoryEntry[] | undefined>();
  #lastPointer: Pointer | undefined;

  constructor(
    private readonly store: ReadableStore,
    options: CatalogReaderOptions = {},
  ) {
    const maxSize = options.maxRecords ?? MAX_RECORDS;
    this.#reads = new VerifiedReads(store, options);
    this.#keptShards = new LRUCache({ maxSize, sizeCalculation: (shard) => Math.max(1, shard.size) });
    this.#keptLinks = new LRUCache({ maxSize, sizeCalculation: weigh });
  }

  /**
   * Which release is live. Each call asks the store: a shared or kept answer could be older than the
   * caller's lease, and let a value of the former release into the cache.
   */
  async pointer(): Promise<Pointer> {
    const pointer = await this.#reads.read(layout.pointer, parsePointer, { required: false });
    if (pointer === undefined) {
      throw new SourceUnavailable(`No release is published in ${this.store.url}; publish one first.`);
    }
    this.#lastPointer = pointer;
    return pointer;
  }

  /** A release's manifest, read once and kept. */
  async manifest(release: string): Promise<Manifest> {
    const kept = this.#keptManifests.get(release);
    if (kept !== undefined) return kept;
    return this.#manifests.run(release, async () => {
      // The id may come from Redis before this process has seen the pointer that vouches for the manifest.
      const pointer = this.#lastPointer?.release === release ? this.#lastPointer : await this.pointer();
      const manifest = await this.#reads.read(
        layout.manifest(release),
        (bytes) => parseManifest(release, bytes),
        {
          required: pointer.release === release,
          sha256: pointer.release === release ? pointer.manifestSha256 : undefined,
        },
      );
      if (manifest === undefined) throw new UnknownRelease(release);
      this.#keptManifests.set(release, manifest);
      return manifest;
    });
  }

  /** Whether the release holds codes of a system at all. */
  async hasType(release: string, type: CodeType): Promise<boolean> {
    return (await this.manifest(release)).counts[type] !== undefined;
  }

  /** The record of a canonical code, or undefined when the release has no such code. */
  async record(release: string, type: CodeType, code: string): Promise<CodeRecord | undefined> {
    return (await this.#shard(release, shardKey(release, type, code)))?.get(code);
  }

  /** Records of canonical codes with one read per shard, undefined for those the release does not have. */
  async records(
    release: string,
    type: CodeType,
    codes: readonly string[],
  ): Promise<Map<string, CodeRecord | undefined>> {
    const byShard = Map.groupBy(codes, (code) => shardKey(release, type, code));
    const found = new Map<string, CodeRecord | undefined>();
    await eachInParallel(byShard, PARALLEL_READS, async ([key, members]) => {
      const shard = await this.#shard(release, key);
      for (const code of members) found.set(code, shard?.get(code));
    });
    return found;
  }

  /** A category's codes in official order, or undefined when the release has none in it. */
  async category(release: string, type: CodeType, category: string): Promise<CategoryEntry[] | undefined> {
    if (categoryIsShard(type)) {
      const shard = await this.#shard(release, layout.codes(release, type, category));
      return shard === undefined ? undefined : Array.from(shard.values(), categoryEntry);
    }
    const key = layout.category(release, type, category);
    return this.#lists.run(key, () => this.#object(release, key, parseCategoryShard));
  }

  /** What an ICD-10 code is linked to; empty when it has no links, or is unknown. */
  async crosswalk(release: string, icd10: string): Promise<CrosswalkLink[]> {
    const key = crosswalkKey(release, icd10);
    const shard =
      this.#keptLinks.get(key) ??
      (await this.#links.run(key, async () => {
        const read = await this.#object(release, key, parseCrosswalkShard);
        if (read !== undefined) this.#keptLinks.set(key, read);
        return read;
      }));
    return linksIn(shard, icd10);
  }

  async #shard(release: string, key: string): Promise<Shard | undefined> {
    const kept = this.#keptShards.get(key);
    if (kept !== undefined) return kept;
    return this.#shards.run(key, async () => {
      const records = await this.#object(release, key, parseRecordShard);
      if (records === undefined) return undefined;
      const shard: Shard = new Map(records.map((record) => [record.code, record]));
      this.#keptShards.set(key, shard);
      return shard;
    });
  }

  /** A release's object, or undefined without any read when the manifest does not list it. */
  async #object<T>(release: string, key: string, parse: (bytes: Uint8Array) => T): Promise<T | undefined> {
    const { objects } = await this.manifest(release);
    const relative = relativeKey(release, key);
    if (!Object.hasOwn(objects, relative)) return undefined;
    return this.#reads.read(key, parse, { required: true, sha256: objects[relative]?.sha256 });
  }
}

/** How much a shard of links weighs; at least 1, which the LRU needs of every entry. */
function weigh(shard: CrosswalkShard): number {
  return shard.groups.reduce(
    (sum, group) => sum + group.procedures.length,
    1 + Object.keys(shard.codes).length,
  );
}

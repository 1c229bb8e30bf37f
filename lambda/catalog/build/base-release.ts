import type { CodeRecord } from '../../codes/record';
import type { CodeType } from '../../names/code-types';
import { eachInParallel } from '../../store/parallel';
import type { ObjectStore } from '../../store/object-store';
import { layout } from '../layout';
import type { Manifest } from '../manifest';
import { VerifiedReads } from '../read/verified-reads';
import { categoryIsShard, parseCategoryShard, parseRecordShard } from '../shards';
import { requireManifest } from '../stored-manifest';
import type { ReleaseWriter } from './release-writer';

/** Objects read or copied at a time. */
const PARALLEL = 16;

/** A complete release from which another one takes what it is not given anew. Every object is compared with its manifest. */
export class BaseRelease {
  readonly #reads: VerifiedReads;

  private constructor(
    store: ObjectStore,
    readonly manifest: Manifest,
  ) {
    this.#reads = new VerifiedReads(store, {});
  }

  /** @throws CatalogConflict when the release is not complete */
  static async open(store: ObjectStore, release: string): Promise<BaseRelease> {
    return new BaseRelease(store, (await requireManifest(store, release)).manifest);
  }

  /** All records of a code system in official order, by code. */
  async records(type: CodeType): Promise<Map<string, CodeRecord>> {
    const names = this.#keysUnder(`${type}/`);
    const shards = names.filter((name) => !name.startsWith(`${type}/categories/`));
    const records = new Map<string, CodeRecord>();
    await eachInOrder(
      shards,
      async (name) => this.#read(name, parseRecordShard),
      (shard) => {
        for (const record of shard) records.set(record.code, record);
      },
    );
    if (categoryIsShard(type)) return records;
    // Their shards follow the code; the lists of categories have the official order.
    const ordered = new Map<string, CodeRecord>();
    const lists = names.filter((name) => name.startsWith(`${type}/categories/`));
    await eachInOrder(
      lists,
      async (name) => this.#read(name, parseCategoryShard),
      (list) => {
        for (const { code } of list) {
          const record = records.get(code);
          if (record !== undefined) ordered.set(code, record);
        }
      },
    );
    return ordered;
  }

  /** Takes a folder of objects over as they are, `icd10` or `crosswalk`. */
  async copy(
    folder: string,
    writer: ReleaseWriter,
    onCopied: (done: number, total: number) => void,
  ): Promise<void> {
    const names = this.#keysUnder(`${folder}/`);
    let done = 0;
    await eachInParallel(names, PARALLEL, async (name) => {
      await writer.write(name, await this.#read(name, (bytes) => bytes));
      done += 1;
      onCopied(done, names.length);
    });
  }

  #keysUnder(prefix: string): string[] {
    return Object.keys(this.manifest.objects)
      .filter((name) => name.startsWith(prefix))
      .sort();
  }

  async #read<T>(name: string, parse: (bytes: Uint8Array) => T): Promise<T> {
    const key = layout.release(this.manifest.release) + name;
    const sha256 = this.manifest.objects[name]?.sha256;
    const read = await this.#reads.read(key, parse, { required: true, sha256 });
    if (read === undefined) throw new Error(`${key} was required and is missing`);
    return read;
  }
}

/** Reads a few at a time, and takes what was read in the order of the names. */
async function eachInOrder<T>(
  names: readonly string[],
  read: (name: string) => Promise<T>,
  take: (value: T) => void,
): Promise<void> {
  for (let from = 0; from < names.length; from += PARALLEL) {
    for (const value of await Promise.all(names.slice(from, from + PARALLEL).map(read))) take(value);
  }
}

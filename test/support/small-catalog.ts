import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { buildRelease, type BuildReport } from '../../lambda/catalog/build/build-release';
import type { NamedSources } from '../../lambda/catalog/build/build-request';
import { Invalidation } from '../../lambda/cache/invalidate';
import { type Clock, systemClock } from '../../lambda/names/clock';
import { layout } from '../../lambda/catalog/layout';
import { FileStore } from '../../lambda/store/file-store';
import type { ObjectStore } from '../../lambda/store/object-store';
import { publishRelease, type PublishReport } from '../../lambda/catalog/publish/publish-release';
import type { HotCodes } from '../../lambda/hot-codes/hot-codes-document';
import { cacheId } from '../../lambda/redis/cache-id';
import { parseConnectionString } from '../../lambda/redis/connection-string';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { PATIENT_TIMEOUTS } from './patience';

/** Code sources as CSV lines without their header: `Z00.00,short,long,true`. */
export interface SmallRelease {
  icd10?: readonly string[];
  cpt?: readonly string[];
  hcpcs?: readonly string[];
  /** `Z00.00,99213,covered,source` */
  crosswalk?: readonly string[];
}

export const FIRST_RELEASE: SmallRelease = {
  icd10: [
    'Z00,Exams,Encounter for exams,false',
    'Z00.00,Adult exam,Encounter for adult exam,true',
    'Z00.01,Adult exam w findings,Encounter for adult exam with findings,true',
    'U07.1,Sample virus,Sample virus disease,true',
  ],
  cpt: [
    '99213,SAMPLE visit,SAMPLE: an invented visit,true',
    '0001F,SAMPLE measure,SAMPLE: an invented measure,true',
  ],
  hcpcs: ['G0438,Sample wellness,Sample wellness visit,true'],
  crosswalk: ['Z00.00,99213,covered,sample', 'Z00.00,G0438,covered,sample'],
};

const CODE_HEADER = 'code,short,long,billable';

/** What a build of nothing is given. */
export const NO_SOURCES: NamedSources = {};

const BUILT_AT = new Date('2026-01-02T03:04:05Z');

/** A catalog in a folder of its own, empty at first; releases are built and published as real ones are. */
export class SmallCatalog {
  readonly folder = mkdtempSync(join(tmpdir(), 'medical-codes-catalog-'));
  readonly #root = join(this.folder, 'store');
  readonly store = new FileStore(this.#root);
  readonly url = this.store.url;

  static async of(release: SmallRelease = FIRST_RELEASE, id = '2026.1'): Promise<SmallCatalog> {
    const catalog = new SmallCatalog();
    await catalog.build(id, release);
    await catalog.publish(id);
    return catalog;
  }

  /** Writes a file to import and answers its path. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, 'files', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Builds a release of codes given line by line. */
  build(release: string, { icd10, cpt, hcpcs, crosswalk }: SmallRelease): Promise<BuildReport> {
    const csv = (name: string, header: string, lines: readonly string[] | undefined): string[] =>
      lines === undefined ? [] : [this.file(`${release}-${name}.csv`, [header, ...lines, ''].join('\n'))];
    return this.buildFrom(release, {
      icd10: csv('icd10', CODE_HEADER, icd10),
      cpt: csv('cpt', CODE_HEADER, cpt),
      hcpcs: csv('hcpcs', CODE_HEADER, hcpcs),
      crosswalk: csv('crosswalk', 'icd10,cpt,relationship,source', crosswalk),
    });
  }

  /** Builds a release from files, into another store where one is given. */
  buildFrom(
    release: string,
    sources: NamedSources,
    {
      skipInvalid = false,
      store = this.store,
      base,
    }: { skipInvalid?: boolean; store?: ObjectStore; base?: string } = {},
  ): Promise<BuildReport> {
    const request = { release, base, sources: { ...NO_SOURCES, ...sources }, skipInvalid };
    return buildRelease(store, request, { now: () => BUILT_AT });
  }

  /**
   * @param redis connection string of the cache to tell, if any
   * @param clock one that does not sleep spares those who start a new reader anyway the wait for the old ones
   */
  async publish(release: string, redis?: string, clock: Clock = systemClock): Promise<PublishReport> {
    const connection =
      redis === undefined
        ? undefined
        : new RedisConnection(constantSource(redis), { timeouts: PATIENT_TIMEOUTS });
    const cache =
      connection &&
      new Invalidation(connection, cacheId(parseConnectionString(redis ?? '')), { opsPerSecond: 0, clock });
    try {
      return await publishRelease(this.store, release, { now: () => new Date(), cache });
    } finally {
      connection?.close();
    }
  }

  async putHotCodes(list: HotCodes): Promise<void> {
    await this.store.put(layout.hotCodes(list.teamId), Buffer.from(JSON.stringify(list)));
  }

  /** Changes an object's bytes behind everybody's back. */
  tamper(key: string, change: (bytes: Buffer) => Buffer): void {
    const path = join(this.#root, key);
    writeFileSync(path, change(readFileSync(path)));
  }

  /** Flips a bit in every stored list of codes, as a bad disk would. */
  damageEveryShard(): void {
    for (const path of this.#files().filter((each) => each.endsWith('.json.gz'))) {
      this.tamper(relative(this.#root, path), (bytes) => {
        bytes[bytes.length >> 1]! ^= 1;
        return bytes;
      });
    }
  }

  /** Takes all objects away, as an outage would; `restore` brings them back. */
  goOut(): { restore(): void } {
    const saved = this.#files().map((path) => [path, readFileSync(path)] as const);
    rmSync(this.#root, { recursive: true });
    return {
      restore() {
        for (const [path, bytes] of saved) {
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, bytes);
        }
      },
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #files(): string[] {
    return readdirSync(this.#root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }
}

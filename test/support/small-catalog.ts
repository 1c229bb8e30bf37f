import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildRelease } from '../../lambda/catalog/build/build-release';
import { Invalidation } from '../../lambda/cache/invalidate';
import { layout } from '../../lambda/catalog/layout';
import { openStore } from '../../lambda/store/open-store';
import { publishRelease, type PublishReport } from '../../lambda/catalog/publish/publish-release';
import type { HotCodes } from '../../lambda/hot-codes/hot-codes-document';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';

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

/** A catalog of invented codes in a folder of its own, built and published as real ones are. */
export class SmallCatalog {
  readonly folder = mkdtempSync(join(tmpdir(), 'medical-codes-catalog-'));
  readonly url = `file:${join(this.folder, 'store')}`;
  readonly store = openStore(this.url);

  static async of(release: SmallRelease = FIRST_RELEASE, id = '2026.1'): Promise<SmallCatalog> {
    const catalog = new SmallCatalog();
    await catalog.build(id, release);
    await catalog.publish(id);
    return catalog;
  }

  async build(release: string, { icd10, cpt, hcpcs, crosswalk }: SmallRelease): Promise<void> {
    const file = (name: string, header: string, lines: readonly string[] | undefined): string[] => {
      if (lines === undefined) return [];
      const path = join(this.folder, `${release}-${name}.csv`);
      writeFileSync(path, [header, ...lines, ''].join('\n'));
      return [path];
    };
    const sources = {
      icd10: file('icd10', CODE_HEADER, icd10),
      cpt: file('cpt', CODE_HEADER, cpt),
      hcpcs: file('hcpcs', CODE_HEADER, hcpcs),
      crosswalk: file('crosswalk', 'icd10,cpt,relationship,source', crosswalk),
      icd10Notes: [],
    };
    await buildRelease(this.store, { release, sources }, { now: () => new Date() });
  }

  /** @param redis connection string of the cache to tell, if any */
  async publish(release: string, redis?: string): Promise<PublishReport> {
    const connection = redis === undefined ? undefined : new RedisConnection(constantSource(redis));
    const cache = connection && new Invalidation(connection, { opsPerSecond: 0 });
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
    const path = join(this.folder, 'store', key);
    writeFileSync(path, change(readFileSync(path)));
  }

  /** Takes all objects away, as an outage would; `restore` brings them back. */
  goOut(): { restore(): void } {
    const root = join(this.folder, 'store');
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const saved = files.map((path) => [path, readFileSync(path)] as const);
    rmSync(root, { recursive: true });
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
}

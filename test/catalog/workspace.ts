import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildRelease, type BuildReport } from '../../lambda/catalog/build/build-release';
import type { BuildSources } from '../../lambda/catalog/build/build-request';
import { FileStore } from '../../lambda/store/file-store';
import { publishRelease } from '../../lambda/catalog/publish/publish-release';
import type { ObjectStore } from '../../lambda/store/object-store';

export const NO_SOURCES: BuildSources = { icd10: [], icd10Notes: [], hcpcs: [], cpt: [], crosswalk: [] };

/** A directory of a test's own, with a store in it and files to import. */
export class Workspace {
  readonly directory = mkdtempSync(join(tmpdir(), 'medical-codes-catalog-'));
  readonly store = new FileStore(join(this.directory, 'store'));

  /** Writes a file to import and answers its path. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.directory, 'files', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  build(
    release: string,
    sources: Partial<BuildSources>,
    options: { skipInvalid?: boolean; store?: ObjectStore } = {},
  ): Promise<BuildReport> {
    const { skipInvalid = false, store = this.store } = options;
    return buildRelease(
      store,
      { release, sources: { ...NO_SOURCES, ...sources }, skipInvalid },
      { now: () => new Date('2026-01-02T03:04:05Z') },
    );
  }

  async publish(release: string): Promise<void> {
    await publishRelease(this.store, release, { now: () => new Date(), cache: undefined });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A line of an ICD-10-CM order file. */
export function orderLine(code: string, flag: 0 | 1, long: string, short = long.slice(0, 60)): string {
  orderLine.count = (orderLine.count % 99_999) + 1;
  return `${String(orderLine.count).padStart(5, '0')} ${code.padEnd(7)} ${flag} ${short.padEnd(60)} ${long}\r\n`;
}
orderLine.count = 0;

/** A record of a HCPCS contractor file: the first line of a procedure. */
export function hcpcsLine(code: string, long: string, dates = '2001010120020202        N'): string {
  return (
    `${`${code}001003${long.padEnd(80)}${`short ${code}`.padEnd(28)}`.padEnd(268)}${dates}`.padEnd(320) +
    '\r\n'
  );
}

/** A store that counts what is read of it, and may be told to answer otherwise. */
export class WatchedStore implements ObjectStore {
  readonly url: string;
  readonly gets: string[] = [];
  /** Changes what a read answers. */
  alter: (key: string, body: Uint8Array | undefined) => Uint8Array | undefined = (_key, body) => body;

  constructor(private readonly inner: ObjectStore) {
    this.url = inner.url;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.gets.push(key);
    return this.alter(key, await this.inner.get(key));
  }

  getWithETag: ObjectStore['getWithETag'] = (key) => this.inner.getWithETag(key);
  getStream: ObjectStore['getStream'] = (key) => this.inner.getStream(key);
  putStream: ObjectStore['putStream'] = (key, body, options) => this.inner.putStream(key, body, options);
  put: ObjectStore['put'] = (key, body, options) => this.inner.put(key, body, options);
  putIfMatch: ObjectStore['putIfMatch'] = (key, body, etag) => this.inner.putIfMatch(key, body, etag);
  list: ObjectStore['list'] = (prefix) => this.inner.list(prefix);
  delete: ObjectStore['delete'] = (key) => this.inner.delete(key);
}

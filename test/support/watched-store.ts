import type { ObjectStore } from '../../lambda/store/object-store';

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

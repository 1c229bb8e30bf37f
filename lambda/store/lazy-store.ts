import type { ConditionalPut, ListedObject, ObjectStore, WriteOptions } from './object-store';

/** A store that is connected at its first use; concurrent first uses share the one connection. */
export class LazyStore implements ObjectStore {
  #connected: Promise<ObjectStore> | undefined;

  constructor(
    readonly url: string,
    private readonly connect: () => Promise<ObjectStore>,
  ) {}

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.#store()).get(key);
  }

  async getWithETag(key: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    return (await this.#store()).getWithETag(key);
  }

  async *getStream(key: string): AsyncIterable<Uint8Array> {
    yield* (await this.#store()).getStream(key);
  }

  async put(key: string, body: Uint8Array, options?: WriteOptions): Promise<void> {
    return (await this.#store()).put(key, body, options);
  }

  async putIfMatch(key: string, body: Uint8Array, etag: string | undefined): Promise<ConditionalPut> {
    return (await this.#store()).putIfMatch(key, body, etag);
  }

  async putStream(key: string, body: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<void> {
    return (await this.#store()).putStream(key, body, options);
  }

  async *list(prefix: string): AsyncIterable<ListedObject> {
    yield* (await this.#store()).list(prefix);
  }

  async delete(key: string): Promise<void> {
    return (await this.#store()).delete(key);
  }

  #store(): Promise<ObjectStore> {
    this.#connected ??= this.connect();
    return this.#connected;
  }
}

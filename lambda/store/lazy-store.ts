import type { ConditionalPut, ObjectStore } from './object-store';

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

  async put(key: string, body: Uint8Array, contentType?: string): Promise<void> {
    return (await this.#store()).put(key, body, contentType);
  }

  async putIfMatch(key: string, body: Uint8Array, etag: string | undefined): Promise<ConditionalPut> {
    return (await this.#store()).putIfMatch(key, body, etag);
  }

  async *list(prefix: string): AsyncIterable<{ key: string; size: number; lastModified: Date }> {
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

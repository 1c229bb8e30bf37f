import { SourceUnavailable } from '../../names/errors';
import { sha256 } from '../../store/json-objects';
import type { ReadableStore } from '../../store/object-store';

export interface ReadObserver {
  /** Told the reason when an object is damaged or missing, for the log. */
  onDamage?(key: string, reason: string): void;
}

/** How an object is checked: its sha256 where one is known, and whether its absence is damage. */
interface Expectation {
  sha256?: string | undefined;
  required: boolean;
}

/** Reads of a store that are compared with a sha256, and parsed. Damage is always an error. */
export class VerifiedReads {
  constructor(
    private readonly store: ReadableStore,
    private readonly observer: ReadObserver,
  ) {}

  /** @throws SourceUnavailable when the object is damaged, or required and missing */
  async read<T>(key: string, parse: (bytes: Uint8Array) => T, expected: Expectation): Promise<T | undefined> {
    const bytes = await this.store.get(key);
    if (bytes !== undefined) return this.#parse(key, bytes, parse, expected.sha256);
    if (expected.required) throw this.#damage(key, 'it is missing');
    return undefined;
  }

  #parse<T>(key: string, bytes: Uint8Array, parse: (bytes: Uint8Array) => T, expected?: string): T {
    if (expected !== undefined && sha256(bytes) !== expected) {
      throw this.#damage(key, 'its sha256 is not the one that was published');
    }
    try {
      return parse(bytes);
    } catch (error) {
      throw this.#damage(key, error instanceof Error ? error.message : String(error), error);
    }
  }

  #damage(key: string, reason: string, cause?: unknown): SourceUnavailable {
    this.observer.onDamage?.(key, reason);
    if (cause instanceof SourceUnavailable) return cause;
    return new SourceUnavailable(`Catalog object ${key} cannot be used: ${reason}.`, { cause });
  }
}

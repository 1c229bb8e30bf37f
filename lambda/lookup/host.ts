import type { Answer, Entry, LoadMany } from '../cache/entry';
import type { CategoryEntry } from '../catalog/shards';
import type { EditionDays } from '../codes/editions';
import type { CodeRecord, CrosswalkLink } from '../codes/record';
import type { HotCodesDocument } from '../hot-codes/hot-codes-document';
import type { CodeType } from '../names/code-types';

/** Reads through memory and Redis to the catalog; CacheAside is one. Both throw SourceUnavailable. */
export interface LookupCache {
  get<T>(entry: Entry<T>): Promise<Answer<T | undefined>>;
  /** One answer per entry, in order. */
  getMany<T>(entries: readonly Entry<T>[], loadMany: LoadMany<T>): Promise<Answer<T | undefined>[]>;
  /** The editions of a release that an answer named; undefined where nobody has told them. */
  editions(release: string): EditionDays | undefined;
}

/** The source of truth; CatalogReader is one. */
export interface LookupCatalog {
  record(release: string, type: CodeType, code: string): Promise<CodeRecord | undefined>;
  records(
    release: string,
    type: CodeType,
    codes: readonly string[],
  ): Promise<ReadonlyMap<string, CodeRecord | undefined>>;
  category(release: string, type: CodeType, category: string): Promise<CategoryEntry[] | undefined>;
  crosswalk(release: string, icd10: string): Promise<CrosswalkLink[]>;
  hasType(release: string, type: CodeType): Promise<boolean>;
}

/** What lookups need from the process that runs them. */
export interface LookupHost {
  readonly cache: LookupCache;
  readonly catalog: LookupCatalog;
  /** Milliseconds since 1970; says which day it is. */
  now(): number;
  /** A team's stored document; undefined while it has none. */
  hotCodes(teamId: string): Promise<HotCodesDocument | undefined>;
  /** Notes that a team looked a code up. Must neither throw nor wait; absent where uses are not counted. */
  countUse?(teamId: string, type: CodeType, code: string): void;
}

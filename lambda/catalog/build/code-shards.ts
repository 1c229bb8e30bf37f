import type { CodeRecord } from '../../codes/record';
import { CODE_SYSTEMS } from '../../codes/systems';
import { type CodeType } from '../../names/code-types';
import { layout } from '../layout';
import type { CodeCounts } from '../manifest';
import { categoryEntry, categoryIsShard } from '../shards';
import { compareCodes } from '../link-groups';
import { canonicalRecord } from './state-changes';

/**
 * One code system's records while a release is built, by shard and category, in the order they came. A whole system
 * is held, because a shard is complete only at the end of its sources: the largest, ICD-10-CM, takes about
 * 100 MB.
 */
export class CodeShards {
  readonly counts: CodeCounts = { total: 0, billable: 0, header: 0, ended: 0 };
  codesWithNotes = 0;
  readonly #shards = new Map<string, CodeRecord[]>();
  readonly #categories = new Map<string, CodeRecord[]>();
  readonly #codes = new Set<string>();

  constructor(private readonly type: CodeType) {}

  add(added: CodeRecord): void {
    const record = canonicalRecord(added);
    this.#codes.add(record.code);
    const name = CODE_SYSTEMS[this.type].shard(record.code);
    pushTo(this.#shards, name, record);
    if (!categoryIsShard(this.type)) pushTo(this.#categories, record.category, record);
    this.counts.total += 1;
    if (record.validTo !== undefined) this.counts.ended += 1;
    else this.counts[record.billable ? 'billable' : 'header'] += 1;
    if (record.notes !== undefined) this.codesWithNotes += 1;
  }

  has(code: string): boolean {
    return this.#codes.has(code);
  }

  /** How many objects there are to store. */
  get size(): number {
    return this.#shards.size + this.#categories.size;
  }

  /** The objects to store, each with its key: shards, then the lists of categories that span shards. */
  *objects(release: string): Generator<{ key: string; value: unknown }> {
    for (const [name, records] of this.#shards) {
      // Where lists of categories have the official order, a shard's own means nothing, and must not depend on how
      // the release was built.
      const ordered = categoryIsShard(this.type)
        ? records
        : records.sort((a, b) => compareCodes(a.code, b.code));
      yield { key: layout.codes(release, this.type, name), value: ordered };
    }
    for (const [category, records] of this.#categories) {
      yield { key: layout.category(release, this.type, category), value: records.map(categoryEntry) };
    }
  }
}

function pushTo(lists: Map<string, CodeRecord[]>, name: string, record: CodeRecord): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [record]);
  else list.push(record);
}

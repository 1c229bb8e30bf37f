import type { CrosswalkLink } from '../codes/record';
import { CODE_SYSTEMS } from '../codes/systems';
import type { BadLines } from './import/import-error';
import type { ImportedLinks } from './import/imported-links';
import { layout } from './layout';
import { type CrosswalkShard, packLinks } from './shards';

/**
 * A release's crosswalk while it is built. Coverage articles are many-to-many and have millions of pairs,
 * so rows are kept as they came, sharing their groups of procedures, and one shard's pairs are spelt out at
 * a time.
 */
export class CrosswalkShards {
  /** Pairs written so far. */
  links = 0;
  private readonly shards = new Map<string, Map<string, ImportedLinks[]>>();

  add(row: ImportedLinks): void {
    const name = CODE_SYSTEMS.icd10.shard(row.icd10);
    const shard = this.shards.get(name) ?? new Map<string, ImportedLinks[]>();
    this.shards.set(name, shard);
    const rows = shard.get(row.icd10);
    if (rows === undefined) shard.set(row.icd10, [row]);
    else rows.push(row);
  }

  get size(): number {
    return this.shards.size;
  }

  /** Every diagnosis that has a row. */
  *diagnoses(): Generator<string> {
    for (const shard of this.shards.values()) yield* shard.keys();
  }

  /** The objects to store. Codes and links are sorted: the order of rows in a crosswalk means nothing. */
  *objects(release: string, bad: BadLines): Generator<{ key: string; value: CrosswalkShard }> {
    for (const [name, shard] of this.shards) {
      const codes = [...shard].sort(([a], [b]) => compare(a, b));
      const spelt = codes.map(([icd10, rows]): [string, CrosswalkLink[]] => [icd10, linksOf(rows, bad)]);
      for (const [, links] of spelt) this.links += links.length;
      yield { key: layout.crosswalk(release, name), value: packLinks(spelt) };
    }
  }
}

interface OpenLink {
  relationship: string;
  sources: Set<string>;
  rows: Set<string | undefined>;
}

/** A diagnosis's links, one per procedure with all its sources. Two relationships of a pair are a bad line. */
function linksOf(rows: readonly ImportedLinks[], bad: BadLines): CrosswalkLink[] {
  const links = new Map<string, OpenLink>();
  for (const { file, line, icd10, group } of rows) {
    const { relationship, source, once } = group;
    for (const procedure of group.procedures) {
      const link = links.get(procedure);
      if (link === undefined) {
        const sources = new Set(source === undefined ? [] : [source]);
        links.set(procedure, { relationship, sources, rows: new Set([source]) });
      } else if (link.relationship !== relationship) {
        bad.reject(
          file,
          line,
          `${icd10} and ${procedure} are ${link.relationship} in an earlier line and ${relationship} here`,
        );
      } else if (once && link.rows.has(source)) {
        bad.reject(file, line, `the link of ${icd10} and ${procedure} stands in the sources twice`);
      } else {
        link.rows.add(source);
        if (source !== undefined) link.sources.add(source);
      }
    }
  }
  return [...links]
    .sort(([a], [b]) => compare(a, b))
    .map(([cpt, { relationship, sources }]) => ({ cpt, relationship, sources: [...sources].sort(compare) }));
}

/** By code units, so that the order depends on no locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

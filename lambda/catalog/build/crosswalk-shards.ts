import { CODE_SYSTEMS } from '../../codes/systems';
import type { BadLines } from '../import/import-error';
import type { ImportedGroup, ImportedLinks } from '../import/imported-links';
import { layout } from '../layout';
import { compareCodes, type CrosswalkShard, type LinkProblem, mergeGroups } from '../link-groups';

/** A release's crosswalk while it is built: rows as they came, sharing their groups of procedures. */
export class CrosswalkShards {
  /** Pairs of a diagnosis and a procedure, in the shards handed out so far. */
  links = 0;
  readonly #shards = new Map<string, Map<string, ImportedLinks[]>>();

  add(row: ImportedLinks): void {
    const name = CODE_SYSTEMS.icd10.shard(row.icd10);
    const shard = this.#shards.get(name) ?? new Map<string, ImportedLinks[]>();
    this.#shards.set(name, shard);
    const rows = shard.get(row.icd10);
    if (rows === undefined) shard.set(row.icd10, [row]);
    else rows.push(row);
  }

  get size(): number {
    return this.#shards.size;
  }

  /** Every diagnosis that has a row. */
  *diagnoses(): Generator<string> {
    for (const shard of this.#shards.values()) yield* shard.keys();
  }

  /** The objects to store. Their codes are sorted: the order of a crosswalk's diagnoses means nothing. */
  *objects(release: string, bad: BadLines): Generator<{ key: string; value: CrosswalkShard }> {
    for (const [name, shard] of this.#shards) {
      const places = new Map<ImportedGroup, number>();
      const value: CrosswalkShard = { groups: [], codes: {} };
      const counted = new Map<string, number>();
      for (const [icd10, rows] of [...shard].sort(([a], [b]) => compareCodes(a, b))) {
        const listed = rows.map(({ group }) => placeOf(group, places, value));
        value.codes[icd10] = [...new Set(listed)];
        // The codes of a category mostly have the same groups, and those without bad lines as many links.
        const same = listed.join();
        const badBefore = bad.total;
        const links = counted.get(same) ?? countLinks(rows, bad);
        if (bad.total === badBefore) counted.set(same, links);
        this.links += links;
      }
      yield { key: layout.crosswalk(release, name), value };
    }
  }
}

/** Place of a group in a shard, which takes it in when it is new. */
function placeOf(group: ImportedGroup, places: Map<ImportedGroup, number>, shard: CrosswalkShard): number {
  const known = places.get(group);
  if (known !== undefined) return known;
  const { procedures, relationship, source } = group;
  const place = shard.groups.push({ procedures, relationship, ...(source !== undefined && { source }) }) - 1;
  places.set(group, place);
  return place;
}

/** How many links a diagnosis has; rows that repeat or contradict an earlier one are bad lines. */
function countLinks(rows: readonly ImportedLinks[], bad: BadLines): number {
  const groups = rows.map(({ group, ...row }) => ({ ...group, row }));
  return mergeGroups(groups, ({ row, once }, problem) => {
    // Articles name a diagnosis once for each of their groups of codes.
    if (problem.kind === 'repeated' && !once) return;
    bad.reject(row.file, row.line, describe(row.icd10, problem));
  }).length;
}

function describe(icd10: string, problem: LinkProblem): string {
  const pair = `${icd10} and ${problem.procedure}`;
  return problem.kind === 'repeated'
    ? `the link of ${pair} stands in the sources twice`
    : `${pair} are ${problem.before} in an earlier line and ${problem.now} here`;
}

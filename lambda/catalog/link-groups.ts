import * as z from 'zod/mini';
import type { CrosswalkLink } from '../codes/record';

const linkGroupSchema = z.object({
  /** CPT or HCPCS codes. */
  procedures: z.array(z.string()),
  relationship: z.string(),
  /** Where the links come from, if the file said so. */
  source: z.optional(z.string()),
});
/** Procedures that go with a diagnosis in one way, by one source. Many diagnoses share one such group. */
export type LinkGroup = z.infer<typeof linkGroupSchema>;

/**
 * What an object under `<release>/crosswalk/` holds: the groups, and for each ICD-10 code of the category the
 * places of its groups. Coverage articles are many-to-many; spelt out link by link, the shards of injuries
 * would have hundreds of thousands of links, and every miss would have to parse them.
 */
export const crosswalkShardSchema = z.object({
  groups: z.array(linkGroupSchema),
  codes: z.record(z.string(), z.array(z.number())),
});
export type CrosswalkShard = z.infer<typeof crosswalkShardSchema>;

/** What may be wrong with a group that is merged after others of the same diagnosis. */
export type LinkProblem =
  | { kind: 'repeated'; procedure: string }
  | { kind: 'contradicted'; procedure: string; before: string; now: string };

interface OpenLink {
  readonly relationship: string;
  readonly sources: Set<string | undefined>;
}

/**
 * A diagnosis's links, one per procedure with all its sources, sorted by procedure. Where groups name two
 * relationships of one pair, the first stands.
 * @param onProblem told of links that stand twice and of those that contradict an earlier one
 */
export function mergeGroups<Group extends LinkGroup>(
  groups: readonly Group[],
  onProblem?: (group: Group, problem: LinkProblem) => void,
): CrosswalkLink[] {
  const links = new Map<string, OpenLink>();
  for (const group of groups) {
    const { procedures, relationship, source } = group;
    for (const procedure of procedures) {
      const link = links.get(procedure);
      if (link === undefined) {
        links.set(procedure, { relationship, sources: new Set([source]) });
      } else if (link.relationship !== relationship) {
        onProblem?.(group, { kind: 'contradicted', procedure, before: link.relationship, now: relationship });
      } else if (link.sources.has(source)) {
        onProblem?.(group, { kind: 'repeated', procedure });
      } else {
        link.sources.add(source);
      }
    }
  }
  return [...links]
    .sort(([a], [b]) => compareCodes(a, b))
    .map(([cpt, { relationship, sources }]) => {
      const named = [...sources].filter((source) => source !== undefined);
      return { cpt, relationship, sources: named.sort(compareCodes) };
    });
}

/** The links of one code; empty when the shard does not know it. */
export function linksIn(shard: CrosswalkShard | undefined, icd10: string): CrosswalkLink[] {
  if (shard === undefined || !Object.hasOwn(shard.codes, icd10)) return [];
  const groups = (shard.codes[icd10] ?? []).map((place) => shard.groups[place]);
  return mergeGroups(groups.filter((group) => group !== undefined));
}

/** By code units, so that the order depends on no locale. */
export function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

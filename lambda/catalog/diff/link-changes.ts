import type { CrosswalkLink } from '../../codes/record';
import { compareCodes, type CrosswalkShard, linksIn } from '../link-groups';

interface Link {
  cpt: string;
  relationship: string;
}

/** What became of the links of one diagnosis; links by procedure. */
export interface LinkChanges {
  icd10: string;
  added: Link[];
  removed: Link[];
  relationshipChanged: { cpt: string; before: string; after: string }[];
  /** Procedures whose link has other sources and is otherwise the same. */
  sourcesChanged: string[];
}

/** What became of a crosswalk's links. Changes are sorted by diagnosis. */
export interface CrosswalkDiff {
  /** Links of the whole release. */
  before: number;
  after: number;
  changes: LinkChanges[];
}

/** The diagnoses of a shard whose links are not the same. */
export function linkChanges(
  before: CrosswalkShard | undefined,
  after: CrosswalkShard | undefined,
): LinkChanges[] {
  const codes = new Set([...Object.keys(before?.codes ?? {}), ...Object.keys(after?.codes ?? {})]);
  return [...codes].sort(compareCodes).flatMap((icd10) => {
    const changes = changesOf(icd10, linksIn(before, icd10), linksIn(after, icd10));
    const { added, removed, relationshipChanged, sourcesChanged } = changes;
    const lists = [added, removed, relationshipChanged, sourcesChanged];
    return lists.some(({ length }) => length > 0) ? [changes] : [];
  });
}

function changesOf(
  icd10: string,
  before: readonly CrosswalkLink[],
  after: readonly CrosswalkLink[],
): LinkChanges {
  const changes: LinkChanges = { icd10, added: [], removed: [], relationshipChanged: [], sourcesChanged: [] };
  const former = new Map(before.map((link) => [link.cpt, link]));
  for (const { cpt, relationship, sources } of after) {
    const old = former.get(cpt);
    former.delete(cpt);
    if (old === undefined) changes.added.push({ cpt, relationship });
    else if (old.relationship !== relationship) {
      changes.relationshipChanged.push({ cpt, before: old.relationship, after: relationship });
    } else if (old.sources.join('\n') !== sources.join('\n')) changes.sourcesChanged.push(cpt);
  }
  for (const { cpt, relationship } of former.values()) changes.removed.push({ cpt, relationship });
  return changes;
}

import { randomUUID } from 'node:crypto';
import { layout } from '../catalog/layout';
import type { ObjectStore } from '../store/object-store';
import { SourceUnavailable } from '../names/errors';
import { type Batch, claim, discard, type UsageRedis } from './claim';
import { decayed } from './decay';
import {
  CONTENDERS_LIMIT,
  HOT_CODES_LIMIT,
  type HotCode,
  type HotCodesDocument,
  type HotCodeStates,
  scoresOf,
} from './hot-codes-document';
import { readHotCodesDocument } from './stored-document';
import { parseUsageMember, usageMember } from './usage-member';

/** What a roll-up needs from the world around it. */
export interface RollUpHost {
  readonly redis: UsageRedis;
  readonly store: ObjectStore;
  /** Id of the live release. */
  release(): Promise<string>;
  /** Descriptions and dates by usage member; a code that the release does not hold is absent. */
  describe(members: readonly string[]): Promise<ReadonlyMap<string, HotCodeStates>>;
  /** Makes lookups answer with the new list. */
  refresh(document: HotCodesDocument): Promise<void>;
  now(): Date;
}

/** What a roll-up did for one team. */
export interface RollUpResult {
  readonly teamId: string;
  /** New uses that went into the list; 0 when an interrupted run had stored them already. */
  readonly uses: number;
  readonly codes: number;
}

/** Another run may write the same document; each attempt starts from what it stored. */
const WRITE_ATTEMPTS = 5;

/**
 * Rolls a team's counts into its ranked list, in steps that may be cut off anywhere:
 * claim the counts as a batch → store the list with the batch's id, only if nobody stored meanwhile →
 * refresh the cached list → drop the batch. A run that finds a batch left behind goes on with it, and the id
 * in the stored list tells whether its counts are in already, so none is lost and none counts twice.
 * @returns undefined when the team has no new uses
 */
export async function rollUp(host: RollUpHost, teamId: string): Promise<RollUpResult | undefined> {
  const batch = await claim(host.redis, teamId, randomUUID());
  if (batch === undefined) return undefined;
  const { document, applied } = await apply(host, teamId, batch);
  await host.refresh(document);
  await discard(host.redis, teamId, batch.id);
  const uses = applied ? [...batch.uses.values()].reduce((sum, each) => sum + each, 0) : 0;
  return { teamId, uses, codes: document.codes.length };
}

async function apply(
  host: RollUpHost,
  teamId: string,
  batch: Batch,
): Promise<{ document: HotCodesDocument; applied: boolean }> {
  const key = layout.hotCodes(teamId);
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
    const stored = await readHotCodesDocument(host.store, teamId);
    const previous = stored?.document;
    if (previous?.lastBatch === batch.id) return { document: previous, applied: false };
    const document = await next(host, teamId, previous, batch);
    const body = new TextEncoder().encode(JSON.stringify(document));
    const { written } = await host.store.putIfMatch(key, body, stored?.etag);
    if (written) return { document, applied: true };
  }
  throw new SourceUnavailable(`${key} kept changing under ${WRITE_ATTEMPTS} attempts to store the new list.`);
}

async function next(
  host: RollUpHost,
  teamId: string,
  previous: HotCodesDocument | undefined,
  batch: Batch,
): Promise<HotCodesDocument> {
  const now = host.now();
  const release = await host.release();
  const elapsed = previous === undefined ? 0 : now.getTime() - Date.parse(previous.generatedAt);
  const before = previous === undefined ? new Map<string, number>() : scoresOf(previous);
  // Lookups count before they know whether a code exists; what is neither known nor described never did.
  const newcomers = [...batch.uses.keys()].filter((member) => !before.has(member) && isMember(member));
  const described = await host.describe(newcomers);
  const scores = decayed(
    before,
    new Map([...batch.uses].filter(([member]) => before.has(member) || described.has(member))),
    Number.isFinite(elapsed) ? elapsed : 0,
    HOT_CODES_LIMIT + CONTENDERS_LIMIT,
  );
  const known = new Map([...(previous?.release === release ? descriptionsIn(previous) : []), ...described]);
  const candidates = [...scores.keys()].slice(0, HOT_CODES_LIMIT);
  const rest = await host.describe(candidates.filter((member) => !known.has(member)));
  const descriptions = new Map([...known, ...rest]);
  return {
    teamId,
    generatedAt: now.toISOString(),
    codes: ranked(scores, descriptions),
    scores: Object.fromEntries([...scores].map(([member, score]) => [member, Number(score.toPrecision(9))])),
    lastBatch: batch.id,
    release,
  };
}

const isMember = (member: string): boolean => parseUsageMember(member) !== undefined;

/** Descriptions that a list of the same release has already, so that they cost no look-up. */
function descriptionsIn({ codes }: HotCodesDocument): [string, HotCodeStates][] {
  return codes.map(({ type, code, rank: _rank, uses: _uses, ...states }) => [
    usageMember(type, code),
    states,
  ]);
}

/** The list, best first. A code that left the release keeps its score, should it return, but is not listed. */
function ranked(
  scores: ReadonlyMap<string, number>,
  descriptions: ReadonlyMap<string, HotCodeStates>,
): HotCode[] {
  const list: HotCode[] = [];
  for (const [member, score] of scores) {
    const code = parseUsageMember(member);
    const states = descriptions.get(member);
    if (code === undefined || states === undefined) continue;
    list.push({ rank: list.length + 1, ...code, uses: Math.round(score * 10) / 10, ...states });
    if (list.length === HOT_CODES_LIMIT) break;
  }
  return list;
}

import { todayInNewYork } from '../../codes/days';
import { firstDayAfter } from '../../codes/editions';
import { CODE_SYSTEMS } from '../../codes/systems';
import { keys } from '../../names/keys';
import type { ObjectStore } from '../../store/object-store';
import { CatalogConflict } from '../conflict';
import { teamsOf } from '../teams';
import { editionDaysOf, type Manifest, parseReleaseId, typesOf } from '../manifest';
import { type GoingLive, readPointer, stillCached, type StoredPointer } from '../pointer';
import { stampNumber } from '../stamp';
import { readManifest, requireManifest } from '../stored-manifest';
import { CacheUnreachable } from './cache-failures';
import { changedKeys } from './changed-keys';
import type { PublishHost } from './publish-host';
import { verifyObjects } from './verify-objects';

/** A publish that is checked and can go ahead. */
export interface PublishPlan {
  release: string;
  /** The release that is live, or the one before it where `release` is live. */
  previous: string | undefined;
  /** Whether the pointer is to be switched; false when the release is live already. */
  switches: boolean;
  objectsVerified: number;
  /** What is to be removed from the cache; undefined when none is to be told. */
  removal: Removal | undefined;
  warnings: string[];
  current: StoredPointer | undefined;
  manifest: Manifest;
  manifestSha256: string;
}

/** Redis keys whose value differs between the release and any whose values the cache may still hold. */
export interface Removal {
  keys: string[];
  /** Whether they are all: not where a former release cannot be read any more. */
  complete: boolean;
}

/**
 * Everything of a publish that changes nothing: the cache is reached, every object verified, and what changed
 * is found out. Done before the switch, so that nothing between the switch and the removal waits for reading.
 * @throws CatalogConflict when the release is not complete, or damaged
 * @throws CacheUnreachable
 */
export async function planPublish(
  store: ObjectStore,
  releaseId: string,
  host: PublishHost,
): Promise<PublishPlan> {
  const release = parseReleaseId(releaseId);
  const toldStamp = await host.cache?.toldStamp().catch((cause: unknown) => {
    throw new CacheUnreachable(cause);
  });
  const current = await readPointer(store);
  const { manifest, sha256: manifestSha256 } = await requireManifest(store, release);
  const switches = current?.pointer.release !== release;
  if (!switches && current.pointer.manifestSha256 !== manifestSha256) {
    throw new CatalogConflict(
      `The manifest of the live release ${release} is not the one that was published. Publish another release.`,
    );
  }
  const objectsVerified = await verify(store, manifest, host);
  const previous = switches ? current?.pointer.release : current.pointer.previous;
  const warnings = notYetInForce(manifest, host.now());
  const former = formerReleases(stillCached(current?.pointer.recent ?? [], host.now()), toldStamp, release);
  const removal = host.cache && (await findRemoval(store, former, manifest, host, warnings));
  return {
    release,
    previous,
    switches,
    objectsVerified,
    removal,
    warnings,
    current,
    manifest,
    manifestSha256,
  };
}

/** A release whose first edition of a system is still to come would leave today's questions without any answer. */
function notYetInForce(manifest: Manifest, now: Date): string[] {
  const today = todayInNewYork(now.getTime()).day;
  const days = editionDaysOf(manifest);
  return typesOf(manifest).flatMap((type) => {
    const first = firstDayAfter(type, days[type], today);
    if (first === undefined) return [];
    const { name } = CODE_SYSTEMS[type];
    return [
      `${name} begins on ${first} in this release: until then it answers NO_EDITION for every ${name} code. Build it with the edition in force too (--base, or --${type} given again).`,
    ];
  });
}

async function verify(store: ObjectStore, manifest: Manifest, host: PublishHost): Promise<number> {
  const total = Object.keys(manifest.objects).length;
  let done = 0;
  await verifyObjects(store, manifest, () => {
    host.signal?.throwIfAborted();
    done += 1;
    host.onProgress?.({ step: 'verify', done, total });
  });
  return total;
}

/**
 * The releases whose values a cache may hold: those live since it was last told in full, by its own note, or all that
 * were live within the life of a value where it has none. So whatever was cut off before is made good by any publish
 * after it.
 */
function formerReleases(
  recent: readonly GoingLive[],
  toldStamp: number | undefined,
  release: string,
): string[] {
  const since = recent.findIndex(({ stamp }) => stampNumber(stamp) === toldStamp);
  const releases = recent.slice(Math.max(0, since)).map((each) => each.release);
  return [...new Set(releases)].filter((each) => each !== release);
}

async function findRemoval(
  store: ObjectStore,
  former: readonly string[],
  manifest: Manifest,
  host: PublishHost,
  warnings: string[],
): Promise<Removal> {
  const removed = new Set<string>();
  let complete = true;
  for (const release of former) {
    host.signal?.throwIfAborted();
    // One that is damaged or gone must not stand in the way of a good release.
    const before = await readManifest(store, release).catch(() => undefined);
    if (before === undefined) {
      complete = false;
      warnings.push(`The manifest of release ${release} cannot be read; ${UNTOLD}`);
      continue;
    }
    const changed = await changedKeys(store, before.manifest, manifest, (done, total) => {
      host.signal?.throwIfAborted();
      host.onProgress?.({ step: 'compare', done, total });
    });
    for (const key of changed.keys) removed.add(key);
    if (changed.unreadable.length > 0) {
      complete = false;
      warnings.push(
        `${changed.unreadable.length} objects of release ${release} cannot be read (${changed.unreadable[0] ?? ''}, …); ${UNTOLD}`,
      );
    }
  }
  // A team's list carries descriptions of its release, and must not list what left it.
  if (former.length > 0) for (const teamId of await teamsOf(store)) removed.add(keys.hotCodes(teamId));
  return { keys: [...removed], complete };
}

const UNTOLD =
  'what the cache holds of earlier releases will not be believed, so that everything is read from the catalog once more.';

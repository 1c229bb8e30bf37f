import { ageHours, newestBackup } from '../../lambda/backup/backup-age';
import { parseMark, type ReadMark } from '../../lambda/cache/release-mark';
import { keys } from '../../lambda/names/keys';
import { TTL } from '../../lambda/names/ttl';
import { layout } from '../../lambda/catalog/layout';
import { type Manifest, parseManifest } from '../../lambda/catalog/manifest';
import { parsePointer, type Pointer } from '../../lambda/catalog/pointer';
import { stampNumber } from '../../lambda/catalog/stamp';
import { sha256 } from '../../lambda/store/json-objects';
import type { ObjectStore } from '../../lambda/store/object-store';
import { type OperatorRedis, textOf } from '../operator-redis';
import { type Check, fail, type Finding, pass, warn } from './check';
import { CHECK_AWS } from './configuration-checks';
import type { Patient } from './patient';

/** Objects of the live release that are read back whole. */
const SAMPLE = 12;

const UNREACHABLE = `Check --store or CATALOG_STORE, or with --env: ${CHECK_AWS}`;
const REPUBLISH =
  'Build the release again under another id and publish it; until then lookups of these codes fail.';

/** The source of truth and the backups. */
export function storeChecks(patient: Patient, redis: () => OperatorRedis): Check[] {
  const live: { store?: ObjectStore; pointer?: Pointer; manifest?: Manifest } = {};
  return [
    {
      id: 'catalog',
      title: 'Catalog',
      needs: [],
      remedy: UNREACHABLE,
      run: async () => {
        const store = await patient.store();
        const bytes = await store.get(layout.pointer);
        if (bytes === undefined) {
          return fail(
            `no release is published in ${store.url}`,
            'Build one and publish it: "codes catalog --help".',
          );
        }
        const pointer = parsePointer(bytes);
        const stored = await store.get(layout.manifest(pointer.release));
        if (stored === undefined) return fail(`release ${pointer.release} has no manifest`, REPUBLISH);
        if (sha256(stored) !== pointer.manifestSha256) {
          return fail(`the manifest of ${pointer.release} is not the one that was published`, REPUBLISH);
        }
        live.store = store;
        live.pointer = pointer;
        live.manifest = parseManifest(pointer.release, stored);
        return pass(`release ${pointer.release}, published ${pointer.publishedAt}`);
      },
    },
    {
      id: 'catalog-sample',
      title: 'Catalog integrity',
      needs: ['catalog'],
      run: async () => {
        const { store, manifest } = live;
        if (store === undefined || manifest === undefined) return fail('no manifest', REPUBLISH);
        return integrity(store, manifest, () => patient.random());
      },
    },
    {
      id: 'release',
      title: 'Release in Redis',
      needs: ['catalog', 'authentication'],
      run: async () => {
        const [text, note] = await redis().nodes[0].exchange([
          ['GET', keys.release],
          ['GET', keys.told],
        ]);
        return live.pointer === undefined
          ? fail('no pointer', UNREACHABLE)
          : releaseInRedis({ text, note }, live.pointer, patient.now());
      },
    },
    { id: 'backup', title: 'Last backup', needs: [], remedy: UNREACHABLE, run: () => backup(patient) },
  ];
}

/** Whether Redis names the release that the pointer names, and was told of it in full. */
function releaseInRedis({ text, note }: ReadMark, pointer: Pointer, now: Date): Finding {
  const { release, stamp, recent, publishedAt } = pointer;
  const again = `Publish ${release} again: a publish was cut off between its steps, or told no cache.`;
  const mark = parseMark({ text, note }, now.getTime());
  if (mark !== undefined && mark.release !== release) {
    return warn(`Redis says ${mark.release}, the pointer ${release}`, again);
  }
  const named =
    mark === undefined ? 'not named now; the next lookup reads the pointer' : `the live one, ${release}`;
  const told = textOf(note) === String(stampNumber(stamp));
  // Once nothing can be left that was loaded under another release, there is nothing to tell.
  const settled = recent.length === 1 || now.getTime() - Date.parse(publishedAt) > TTL.told * 1_000;
  if (told || settled) return pass(named);
  return warn(
    `${named}, but this cache was not told of it in full: what was cached before is read from the catalog once more`,
    again,
  );
}

function sampleOf<T>(all: readonly T[], size: number, random: () => number): T[] {
  const rest = [...all];
  const taken: T[] = [];
  while (taken.length < size && rest.length > 0) {
    taken.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return taken;
}

async function integrity(store: ObjectStore, manifest: Manifest, random: () => number): Promise<Finding> {
  const objects = Object.entries(manifest.objects);
  const sample = sampleOf(objects, SAMPLE, random);
  const verdicts = await Promise.all(
    sample.map(async ([key, expected]) => {
      const bytes = await store.get(layout.release(manifest.release) + key);
      if (bytes === undefined) return `${key} is missing`;
      return sha256(bytes) === expected.sha256 ? undefined : `${key} is damaged`;
    }),
  );
  const bad = verdicts.filter((verdict) => verdict !== undefined);
  if (bad.length > 0) return fail(bad.slice(0, 3).join(', '), REPUBLISH);
  return pass(`${sample.length} of ${objects.length} objects read back and equal`);
}

async function backup(patient: Patient): Promise<Finding> {
  const { prefix, maxAgeHours } = patient.backup;
  const newest = await newestBackup(await patient.store(), prefix);
  const age = ageHours(newest, patient.now());
  const remedy = 'Run "codes backup run", then see why the schedule did not (log of the backup function).';
  if (newest === undefined || age === undefined) {
    const none = `none below ${prefix}`;
    return maxAgeHours === undefined ? pass(`${none}; here they are made on demand`) : fail(none, remedy);
  }
  const detail = `${age.toFixed(1)} h old (${newest.kind === 'rdb' ? 'native' : 'own'})`;
  if (maxAgeHours === undefined) return pass(detail);
  return age > maxAgeHours
    ? fail(`${detail}, limit ${maxAgeHours} h`, remedy)
    : pass(`${detail}, limit ${maxAgeHours} h`);
}

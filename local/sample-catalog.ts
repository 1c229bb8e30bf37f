import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { buildRelease } from '../lambda/catalog/build/build-release';
import { openStore } from '../lambda/store/open-store';
import { publishRelease } from '../lambda/catalog/publish/publish-release';

const SAMPLE = join(__dirname, '..', 'data', 'sample');
const RELEASE = 'sample';

/** Raise it when a build of the same sources writes something new, so that older copies are built again. */
const BUILD_VERSION = 4;

/** Says which sample a directory holds; a store does not list names that begin with a dot. */
const STAMP = '.sample';

const file = (...name: string[]): string => join(SAMPLE, ...name);

const SOURCES = {
  icd10: [file('icd10cm-order-sample.txt')],
  icd10Notes: [file('icd10cm-tabular-sample.xml')],
  hcpcs: [file('hcpcs-sample.txt')],
  cpt: ['LONGULT.TXT', 'MEDULT.TXT', 'SHORTULT.TXT'].map((name) => file('cpt', name)),
  crosswalk: [join(SAMPLE, 'crosswalk.csv')],
};

/**
 * Makes sure that `directory` is a store with the sample published and its teams' lists, and answers its URL.
 * Takes well under a second, and nearly nothing when the sample is there already. It is built beside the
 * directory and then put in its place, so that a process that starts meanwhile never sees half of it.
 */
export async function ensureSampleCatalog(directory: string): Promise<{ url: string }> {
  const target = resolve(directory);
  const url = `file:${target}`;
  const files = sampleFiles();
  const stamp = stampOf(files);
  if ((await stampIn(target)) === stamp) return { url };
  const fresh = `${target}.${randomUUID()}`;
  await mkdir(dirname(target), { recursive: true });
  try {
    await build(fresh, files);
    await writeFile(join(fresh, STAMP), stamp);
    // Somebody else may have put the same sample there first, and may be serving it.
    if ((await stampIn(target)) === stamp) return { url };
    await rm(target, { recursive: true, force: true });
    await rename(fresh, target);
  } catch (error) {
    if ((await stampIn(target)) !== stamp) throw error;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return { url };
}

async function build(directory: string, files: readonly string[]): Promise<void> {
  const store = openStore(`file:${directory}`);
  const host = { now: () => new Date(), cache: undefined };
  await buildRelease(store, { release: RELEASE, sources: SOURCES }, host);
  await publishRelease(store, RELEASE, host);
  for (const file of files) {
    const key = relative(SAMPLE, file).replaceAll('\\', '/');
    if (key.startsWith('teams/')) await store.put(key, readFileSync(file));
  }
}

function sampleFiles(): string[] {
  return readdirSync(SAMPLE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function stampOf(files: readonly string[]): string {
  const hash = createHash('sha256').update(String(BUILD_VERSION));
  for (const file of files) hash.update(relative(SAMPLE, file)).update(readFileSync(file));
  return hash.digest('hex');
}

async function stampIn(directory: string): Promise<string | undefined> {
  return readFile(join(directory, STAMP), 'utf8').catch(() => undefined);
}

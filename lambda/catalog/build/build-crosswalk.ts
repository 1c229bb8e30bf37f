import {
  type BuildStep,
  carrySources,
  progressOf,
  recordSources,
  sizeOf,
  some,
  storeAll,
} from './build-step';
import type { CodeShards } from './code-shards';
import { CrosswalkShards } from './crosswalk-shards';
import { type CrosswalkSource, openCrosswalkSources } from '../import/crosswalk-source';

/** Reads every crosswalk and stores its shards. */
export async function addCrosswalk(step: BuildStep, diagnoses: CodeShards | undefined): Promise<void> {
  if (step.sources.crosswalk.length === 0) return carryOver(step);
  const shards = new CrosswalkShards();
  const read: { source: CrosswalkSource; rows: number }[] = [];
  for (const source of await openCrosswalkSources(step.sources.crosswalk)) {
    const onBytes = progressOf(step, source.files[0].name, sizeOf(source.files));
    let rows = 0;
    for await (const row of source.read(step.bad, onBytes, (text) => step.warnings.push(text))) {
      shards.add(row);
      rows += 1;
    }
    read.push({ source, rows });
  }
  await storeAll(step, 'crosswalk', shards.size, shards.objects(step.manifest.release, step.bad));
  step.manifest.crosswalkLinks = shards.links;
  for (const { source, rows } of read) recordSources(step, 'crosswalk', source, rows);
  if (diagnoses === undefined) return;
  const unknown = [...shards.diagnoses()].filter((code) => !diagnoses.has(code));
  if (unknown.length === 0) return;
  step.warnings.push(
    `The crosswalk names ${unknown.length} ICD-10-CM codes that the release does not have (${some(unknown)}); nobody will be able to ask for them.`,
  );
}

async function carryOver(step: BuildStep): Promise<void> {
  const { base, manifest, writer, host } = step;
  if (base === undefined) return;
  await base.copy('crosswalk', writer, (done, total) =>
    host.onProgress?.({ step: 'carry', subject: 'crosswalk', done, total }),
  );
  manifest.crosswalkLinks = base.manifest.crosswalkLinks;
  carrySources(step, (kind) => kind === 'crosswalk');
}

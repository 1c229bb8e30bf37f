import { buildRelease } from '../../lambda/catalog/build/build-release';
import type { NamedSources } from '../../lambda/catalog/build/build-request';
import { openStore } from '../../lambda/store/open-store';
import { NO_SOURCES } from '../support/small-catalog';
import { peakMemory } from '../support/peak-memory';

/** Builds release 2021 into the store and prints the most memory this process ever had, in KB. */
async function main([url = '', sources = '{}']: string[]): Promise<void> {
  const given = JSON.parse(sources) as NamedSources;
  await buildRelease(
    openStore(url),
    { release: '2021', sources: { ...NO_SOURCES, ...given } },
    { now: () => new Date() },
  );
  console.log(peakMemory() / 1_024);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

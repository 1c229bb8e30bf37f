import { leftovers } from './processes';
import { STEPS } from './steps/index';
import { createWorld, discard } from './world';

async function main(): Promise<number> {
  const started = performance.now();
  const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  const world = await createWorld();
  console.log(`emulator and Redis are up (${seconds(started)})`);
  let failed = false;
  const interrupted = (): void => void world.stop().then(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  for (const step of STEPS) {
    const { title } = step;
    const begun = performance.now();
    try {
      const detail = await step.run(world);
      console.log(
        `✓ ${title} (${seconds(begun)})${detail === undefined ? '' : `\n    ${detail.replaceAll('\n', '\n    ')}`}`,
      );
    } catch (error) {
      failed = true;
      console.error(`✗ ${title} (${seconds(begun)})`);
      console.error(error);
      break;
    }
  }
  await world.stop();
  const left = await leftovers(world.folder);
  if (left.length > 0) {
    failed = true;
    console.error(`processes left behind:\n${left.join('\n')}`);
  }
  if (failed) console.error(`\nfailed; logs and assemblies are in ${world.folder}`);
  else discard(world);
  console.log(`\n${failed ? 'FAILED' : 'all steps passed'} in ${seconds(started)}`);
  return failed ? 1 : 0;
}

void main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);

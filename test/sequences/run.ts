/**
 * `npm run test:sequences -- [--seed S] [--minutes N]`: a sequence of events drawn from the seed, a fresh one by default,
 * for so many minutes (1 by default). Exits with 1 at the first wrong answer.
 */
import { parseArgs } from 'node:util';
import { runSequence } from './sequence';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, minutes: { type: 'string' } } });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
  const minutes = Number(values.minutes ?? 1);
  if (!Number.isSafeInteger(seed) || !(minutes > 0)) {
    console.error('--seed takes a whole number, --minutes a number above 0');
    process.exitCode = 2;
    return;
  }
  console.log(`seed ${seed}`);
  const { fault, answers, seconds } = await runSequence(seed, minutes * 60_000, (line) => console.log(line));
  console.log(JSON.stringify({ seed, seconds, answers, fault: fault ?? null }));
  if (fault !== undefined) process.exitCode = 1;
}

void main();

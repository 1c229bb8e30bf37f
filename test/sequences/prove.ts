/**
 * `npm run test:sequences:prove -- [--minutes N] [--only name]`: whether random sequences find what they are for. Takes
 * one mending after another out of a copy of the tree, and lets a sequence of its own run there for N minutes at most
 * (5 by default). Exits with 1 where one was not missed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mending, MENDINGS, takeOut } from './mendings';

const ROOT = join(__dirname, '..', '..');
/** All that a sequence runs on. */
const NEEDED = ['docs', 'lambda', 'local', 'test', 'package.json', 'tsconfig.json'];

interface Finding {
  readonly seed: number;
  readonly seconds: number;
  readonly fault: string | null;
}

async function sequenceWithout(mending: Mending, minutes: string): Promise<Finding> {
  const tree = mkdtempSync(join(tmpdir(), 'medical-codes-without-'));
  try {
    for (const each of NEEDED) cpSync(join(ROOT, each), join(tree, each), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    takeOut(mending, tree);
    const args = ['--import', 'tsx', join('test', 'sequences', 'run.ts'), '--minutes', minutes];
    const child = spawn(process.execPath, args, { cwd: tree, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'close');
    const last = said.trimEnd().split('\n').at(-1) ?? '';
    if (!last.startsWith('{'))
      throw new Error(`the sequence without "${mending.name}" did not run to its end`);
    return JSON.parse(last) as Finding;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, only: { type: 'string' } } });
  const chosen = MENDINGS.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0)
    throw new Error(`--only takes one of ${MENDINGS.map(({ name }) => name).join(', ')}`);
  let found = 0;
  for (const mending of chosen) {
    const { seed, seconds, fault } = await sequenceWithout(mending, values.minutes ?? '5');
    if (fault !== null) found += 1;
    const after = `${seconds.toFixed(0)} s, seed ${seed}`;
    console.log(
      `${mending.name}: ${fault === null ? `not missed in ${after}` : `missed after ${after}: ${fault}`}`,
    );
  }
  console.log(`${found} of ${chosen.length} missed`);
  if (found < chosen.length) process.exitCode = 1;
}

void main();

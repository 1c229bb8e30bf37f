import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Command lines of processes that still mention `mark`, after a moment's grace. */
export async function leftovers(mark: string): Promise<string[]> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const left = commandLines().filter((line) => line.includes(mark));
    if (left.length === 0) return [];
    await sleep(300);
    if (attempt === 9) return left;
  }
  return [];
}

function commandLines(): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8', maxBuffer: 16_000_000 })
    .split('\n')
    .filter((line) => !line.includes('ps -eo pid,args'));
}

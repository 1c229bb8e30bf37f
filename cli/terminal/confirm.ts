import { createInterface } from 'node:readline/promises';
import { Refused } from './failure';

/** Whether a person sits at this process and can be asked. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** What a command that can be rehearsed says where nobody can be asked. */
const REHEARSE = 'Pass --yes to go ahead without a terminal, or --dry-run to see what would happen.';

/**
 * Asks before something that cannot be undone. `--yes` answers for scripts; without a terminal and without
 * `--yes` the command refuses, so that a pipeline never destroys by accident.
 * @param consequence what will happen, as a sentence
 * @param phrase what the person has to type
 * @param unattended how to go ahead where nobody can be asked
 * @throws Refused when the answer is anything else
 */
export async function confirm(
  consequence: string,
  phrase: string,
  yes: boolean,
  unattended: string = REHEARSE,
): Promise<void> {
  if (yes) return;
  if (!isInteractive()) throw new Refused(`${consequence} ${unattended}`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${consequence}\nType "${phrase}" to go ahead: `);
    if (answer.trim() !== phrase) throw new Refused('Not confirmed; nothing was changed.');
  } finally {
    terminal.close();
  }
}

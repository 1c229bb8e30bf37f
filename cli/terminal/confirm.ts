import { createInterface } from 'node:readline/promises';
import { UsageError } from './failure';

/**
 * Asks before something that cannot be undone. `--yes` answers for scripts; without a terminal and without
 * `--yes` the command refuses, so that a pipeline never destroys by accident.
 * @param consequence what will happen, as a sentence
 * @param phrase what the person has to type
 * @throws UsageError when the answer is anything else
 */
export async function confirm(consequence: string, phrase: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(
      `${consequence} Pass --yes to go ahead without a terminal, or --dry-run to see what would happen.`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${consequence}\nType "${phrase}" to go ahead: `);
    if (answer.trim() !== phrase) throw new UsageError('Not confirmed; nothing was changed.');
  } finally {
    terminal.close();
  }
}

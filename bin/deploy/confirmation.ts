import { createInterface } from 'node:readline/promises';
import { Refused } from './refused';

/** A person at a terminal, or nobody. */
export interface Terminal {
  readonly interactive: boolean;
  ask(question: string): Promise<string>;
}

export const processTerminal: Terminal = {
  interactive: process.stdin.isTTY && process.stdout.isTTY,
  async ask(question) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await terminal.question(question);
    } finally {
      terminal.close();
    }
  },
};

/**
 * Lets pass only who typed `phrase` or said `--yes`; without a terminal there is nobody to ask, so a pipeline
 * has to say it.
 * @throws Refused
 */
export async function requirePhrase(
  terminal: Terminal,
  consequence: string,
  phrase: string,
  yes: boolean,
): Promise<void> {
  if (yes) return;
  if (!terminal.interactive) {
    throw new Refused(`${consequence} Nobody is at a terminal to confirm it; pass -- --yes to go ahead.`);
  }
  const answer = await terminal.ask(`\n${consequence}\nType "${phrase}" to go ahead: `);
  if (answer.trim() !== phrase) throw new Refused('Not confirmed; nothing was changed.');
}

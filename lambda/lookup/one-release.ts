import type { Answer } from '../cache/entry';
import { UNKNOWN_RELEASE } from '../cache/generation';
import { OUTCOMES } from '../names/outcomes';

/**
 * Reads several values so that they belong to one release: a publish between them is met by reading once more.
 */
export async function ofOneRelease<A extends readonly Answer<unknown>[]>(read: () => Promise<A>): Promise<A> {
  const answers = await read();
  return new Set(answers.map(({ release }) => release)).size > 1 ? read() : answers;
}

/**
 * The farthest outcome of several reads, and their release; none where they are still of several, as in an outage of the
 * store in which memory answers with what it has.
 */
export function originOf(answers: readonly Answer<unknown>[]): Pick<Answer<unknown>, 'outcome' | 'release'> {
  const [release = UNKNOWN_RELEASE, ...others] = new Set(answers.map((answer) => answer.release));
  return {
    outcome: OUTCOMES.findLast((each) => answers.some(({ outcome }) => outcome === each)) ?? 'memory',
    release: others.length === 0 ? release : UNKNOWN_RELEASE,
  };
}

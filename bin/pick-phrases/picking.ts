import { bytesWithout, count, type ListSize } from './counting';
import { PhraseTree } from './phrase-tree';

/**
 * Newcomers of a round, as a share of the list's size. Many at first, because phrases grow by joining; half as many
 * after each round that did not better the list, because newcomers also push out what was better.
 */
const GROWTH = { first: 0.6, least: 0.005 } as const;

/** A round drops what is too much in so many steps: of two phrases that stand in for each other, one must stay. */
const PRUNINGS = 4;

/** Longer phrases would be used once or twice. Characters. */
const LONGEST = 100;

/** The character that ends a phrase in the list's source file. */
const SEPARATOR = '|';

/**
 * The phrases by which the texts take the fewest bytes, most used first. Deterministic: the same texts give the same list.
 *
 * Each round puts the neighbours that most often stand together into the list as one phrase each, then drops those
 * that are least missed: a phrase is worth its uses times the bytes that the rest of the list would need for its text.
 * So phrases grow from letters to half sentences, and give way to what they grew into.
 * @param texts printable ASCII and line feeds alone
 */
export function pickPhrases(
  texts: readonly string[],
  size: ListSize,
  rounds: number,
  onRound: (round: number, bytes: number) => void = () => undefined,
): string[] {
  let best: { bytes: number; phrases: readonly string[] } = { bytes: Infinity, phrases: [] };
  /** Newcomers that did not better the list as it is. */
  const tried = new Set<string>();
  let share: number = GROWTH.first;
  for (let round = 1; round <= rounds; round += 1) {
    const most = Math.ceil((size.oneByte + size.twoBytes) * share);
    const newcomers = promising(texts, best.phrases, size, tried).slice(0, most);
    const kept = pruned(texts, grown(best.phrases, newcomers, size), size);
    const phrases = mostUsedFirst(kept, count(texts, kept, size).uses);
    const { bytes } = count(texts, phrases, size);
    if (bytes < best.bytes) {
      best = { bytes, phrases };
      tried.clear();
    } else {
      if (share === GROWTH.least) for (const { text } of newcomers) tried.add(text);
      share = Math.max(GROWTH.least, share / 2);
    }
    onRound(round, best.bytes);
  }
  return [...best.phrases];
}

interface Newcomer {
  readonly text: string;
  /** Worth a place among the phrases of one byte. */
  readonly frequent: boolean;
}

/** Neighbours that would save most as one phrase, the best first. */
function promising(
  texts: readonly string[],
  phrases: readonly string[],
  size: ListSize,
  tried: ReadonlySet<string>,
): Newcomer[] {
  const { uses, neighbours } = count(texts, phrases, size, true);
  const known = new Set(phrases);
  const worthAByte = [...uses].sort((a, b) => b - a)[size.oneByte - 1] ?? 0;
  return [...neighbours]
    .filter(([text]) => !known.has(text) && !tried.has(text))
    .filter(([text]) => text.length <= LONGEST && !text.includes(SEPARATOR))
    .map(([text, { count, bytes }]) => {
      const frequent = count > worthAByte;
      return { text, frequent, gain: count * (bytes - (frequent ? 1 : 2)) };
    })
    .filter(({ gain }) => gain > 0)
    .sort((a, b) => b.gain - a.gain || (a.text < b.text ? -1 : 1));
}

/**
 * The list with its newcomers. They come behind the phrases of one byte, the frequent ones first: how often they are
 * really used shows only beside each other, and what they pushed out before that would be lost.
 */
function grown(phrases: readonly string[], newcomers: readonly Newcomer[], size: ListSize): string[] {
  const texts = (frequent: boolean) =>
    newcomers.filter((each) => each.frequent === frequent).map(({ text }) => text);
  const oneByte = phrases.slice(0, size.oneByte);
  return [...oneByte, ...texts(true), ...phrases.slice(size.oneByte), ...texts(false)];
}

/** The list cut to its size, in steps, each of which drops what is least missed. */
function pruned(texts: readonly string[], phrases: readonly string[], size: ListSize): readonly string[] {
  const target = size.oneByte + size.twoBytes;
  const excess = Math.max(0, phrases.length - target);
  let kept = phrases;
  for (let step = 1; step <= PRUNINGS; step += 1) {
    const { uses } = count(texts, kept, size);
    const tree = new PhraseTree(kept);
    const byte = [...uses].sort((a, b) => b - a)[size.oneByte - 1] ?? 0;
    const worth = kept.map((_text, at) => {
      const used = uses[at] ?? 0;
      return used * (bytesWithout(tree, at, size) - (used >= byte ? 1 : 2));
    });
    const keep = target + Math.floor((excess * (PRUNINGS - step)) / PRUNINGS);
    const chosen = kept
      .map((text, at) => ({ text, worth: worth[at] ?? 0, uses: uses[at] ?? 0 }))
      .filter((phrase) => phrase.worth > 0)
      .sort((a, b) => b.worth - a.worth || (a.text < b.text ? -1 : 1))
      .slice(0, keep);
    kept = mostUsedFirst(
      chosen.map(({ text }) => text),
      chosen.map((phrase) => phrase.uses),
    );
  }
  return kept;
}

function mostUsedFirst(phrases: readonly string[], uses: readonly number[]): string[] {
  return phrases
    .map((text, at) => ({ text, uses: uses[at] ?? 0 }))
    .sort((a, b) => b.uses - a.uses || (a.text < b.text ? -1 : 1))
    .map(({ text }) => text);
}

import { PhraseTree } from './phrase-tree';

/** How long a list is: phrases of one byte, then phrases of two. */
export interface ListSize {
  readonly oneByte: number;
  readonly twoBytes: number;
}

/** Parts of a code that are looked at together: two alone often cost no more than the phrase that would replace them. */
const MOST_TOGETHER = 3;

/** What the texts cost with a list, and what of it they use. */
interface Count {
  /** Bytes of all texts. */
  readonly bytes: number;
  /** Uses of each phrase, by its place in the list. */
  readonly uses: readonly number[];
  /** Parts that stand side by side in the texts' codes, by their text together. */
  readonly neighbours: ReadonlyMap<string, Neighbours>;
}

interface Neighbours {
  count: number;
  /** Of all of them together. */
  readonly bytes: number;
}

interface Code {
  readonly bytes: number;
  /** Of each place of the text: the phrase that the shortest code has there, or -1 for the character itself. */
  readonly choice: Int32Array;
}

function bytesOf(place: number, size: ListSize): number {
  return place < size.oneByte ? 1 : 2;
}

/** Bytes of a phrase's text if the phrase itself were not in the list. */
export function bytesWithout(tree: PhraseTree, place: number, size: ListSize): number {
  return codeOf(tree, tree.phrases[place] ?? '', size, place).bytes;
}

/** The shortest code of a text, from its end: the fewest bytes for what remains. */
function codeOf(tree: PhraseTree, text: string, size: ListSize, except = -1): Code {
  const bytes = new Float64Array(text.length + 1);
  const choice = new Int32Array(text.length);
  for (let at = text.length - 1; at >= 0; at -= 1) {
    let fewest = 1 + (bytes[at + 1] ?? 0);
    let chosen = -1;
    tree.at(text, at, (phrase, end) => {
      const needed = bytesOf(phrase, size) + (bytes[end] ?? 0);
      if (phrase === except || needed > fewest || (needed === fewest && chosen === -1)) return;
      fewest = needed;
      chosen = phrase;
    });
    bytes[at] = fewest;
    choice[at] = chosen;
  }
  return { bytes: bytes[0] ?? 0, choice };
}

/** Codes every text with a list, most used first. */
export function count(
  texts: readonly string[],
  phrases: readonly string[],
  size: ListSize,
  withNeighbours = false,
): Count {
  const tree = new PhraseTree(phrases);
  const uses = new Array<number>(phrases.length).fill(0);
  const neighbours = new NeighbourCounts(phrases, size);
  let total = 0;
  for (const text of texts) {
    const { bytes, choice } = codeOf(tree, text, size);
    total += bytes;
    neighbours.start();
    for (let at = 0; at < text.length;) {
      const phrase = choice[at] ?? -1;
      if (phrase >= 0) uses[phrase] = (uses[phrase] ?? 0) + 1;
      if (withNeighbours) neighbours.add(phrase >= 0 ? phrase : phrases.length + text.charCodeAt(at));
      at += phrases[phrase]?.length ?? 1;
    }
  }
  return { bytes: total, uses, neighbours: neighbours.byText() };
}

/** Counts parts that follow each other. A part is a phrase's number, or a character's behind all phrases. */
class NeighbourCounts {
  /** By the parts' numbers, from one, as digits of one number. */
  readonly #counts = new Map<number, number>();
  readonly #base: number;
  #before: readonly number[] = [];

  constructor(
    private readonly phrases: readonly string[],
    private readonly size: ListSize,
  ) {
    this.#base = phrases.length + 129;
  }

  /** A text begins; its first part has no neighbour. */
  start(): void {
    this.#before = [];
  }

  add(part: number): void {
    let digits = part + 1;
    let place = this.#base;
    for (let back = this.#before.length - 1; back >= 0; back -= 1) {
      digits += (this.#before[back] ?? 0) * place;
      place *= this.#base;
      this.#counts.set(digits, (this.#counts.get(digits) ?? 0) + 1);
    }
    this.#before = [...this.#before, part + 1].slice(1 - MOST_TOGETHER);
  }

  byText(): Map<string, Neighbours> {
    const found = new Map<string, Neighbours>();
    for (const [digits, count] of this.#counts) {
      if (count < 2) continue;
      let text = '';
      let bytes = 0;
      for (let rest = digits; rest > 0; rest = Math.floor(rest / this.#base)) {
        const part = (rest % this.#base) - 1;
        text = (this.phrases[part] ?? String.fromCharCode(part - this.phrases.length)) + text;
        bytes += part < this.phrases.length ? bytesOf(part, this.size) : 1;
      }
      const known = found.get(text);
      if (known === undefined) found.set(text, { count, bytes });
      else known.count += count;
    }
    return found;
  }
}

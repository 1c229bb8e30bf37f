const FIRST = 0x20;
const NEWLINE = 0x0a;
/** Printable ASCII and the line feed. */
const CHARACTERS = 0x7e - FIRST + 2;

function slotOf(character: number): number {
  return character === NEWLINE ? CHARACTERS - 1 : character - FIRST;
}

/** Phrases by their characters, so that all that begin at one place of a text are found in one walk. */
export class PhraseTree {
  /** Of node `n` and a character's slot: the next node, or 0. */
  #next = new Int32Array(CHARACTERS * 1_024);
  /** Of a node: the number of the phrase that ends there, or -1. */
  #phrase = new Int32Array(1_024).fill(-1);
  #nodes = 1;

  constructor(readonly phrases: readonly string[]) {
    phrases.forEach((text, number) => this.#add(text, number));
  }

  /** Walks from a place of the text; `found` is called with each phrase that stands there, shortest first. */
  at(text: string, from: number, found: (phrase: number, end: number) => void): void {
    let node = 0;
    for (let at = from; at < text.length; at += 1) {
      node = this.#next[node * CHARACTERS + slotOf(text.charCodeAt(at))] ?? 0;
      if (node === 0) return;
      const phrase = this.#phrase[node] ?? -1;
      if (phrase >= 0) found(phrase, at + 1);
    }
  }

  #add(text: string, number: number): void {
    let node = 0;
    for (let at = 0; at < text.length; at += 1) {
      const edge = node * CHARACTERS + slotOf(text.charCodeAt(at));
      node = this.#next[edge] ?? 0;
      if (node === 0) {
        // First: making one may put a larger array in the place of the one that holds the edge.
        node = this.#newNode();
        this.#next[edge] = node;
      }
    }
    this.#phrase[node] = number;
  }

  #newNode(): number {
    const node = this.#nodes;
    this.#nodes += 1;
    if (node < this.#phrase.length) return node;
    const [next, phrase] = [this.#next, this.#phrase];
    this.#next = new Int32Array(next.length * 2);
    this.#next.set(next);
    this.#phrase = new Int32Array(phrase.length * 2).fill(-1);
    this.#phrase.set(phrase);
    return node;
  }
}

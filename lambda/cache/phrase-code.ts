/**
 * Text as bytes: printable ASCII and line feeds stand for themselves, every other byte value for a phrase of a list.
 * The first phrases take one byte, the rest a lead byte and a second one.
 *
 * Against raw deflate with a preset dictionary of the same text, which is the fair comparison, records come out 12 to
 * 14 % larger here and are read 5 to 7 times faster: 3 µs instead of 15 to 30. A record is read far more often than
 * written, so reading has the preference. docs/decisions/frames.md has the figures.
 */

const FIRST_LEAD = 0xfa;
const NEWLINE = 0x0a;

/** How many phrases a list may have, by the bytes of their code. */
export const RECORD_CODE_SIZE = { oneByte: FIRST_LEAD - 96, twoBytes: (0x100 - FIRST_LEAD) * 256 } as const;

/** Whether a text has no other characters than the code knows. */
export function isCodedText(text: string): boolean {
  return /^[\x20-\x7e\n]*$/.test(text);
}

function isLiteral(byte: number): boolean {
  return byte === NEWLINE || (byte >= 0x20 && byte <= 0x7e);
}

interface Phrase {
  readonly text: string;
  /** Its bytes in the code. */
  readonly code: readonly number[];
}

export class PhraseCode {
  /** Text of each byte that is complete by itself. */
  readonly #single: (string | undefined)[] = [];
  /** Text of lead and second byte together, counted from the first lead. */
  readonly #double: readonly string[];
  /** Phrases by their first two characters. */
  readonly #byStart = new Map<string, Phrase[]>();

  /** @param phrases most used first, each of at least two printable ASCII characters or line feeds */
  constructor(phrases: readonly string[]) {
    const free: number[] = [];
    for (let byte = 0; byte < FIRST_LEAD; byte += 1) {
      if (isLiteral(byte)) this.#single[byte] = String.fromCharCode(byte);
      else free.push(byte);
    }
    this.#double = phrases.slice(free.length);
    phrases.forEach((text, index) => {
      const byte = free[index];
      const rest = index - free.length;
      if (byte !== undefined) this.#single[byte] = text;
      const code = byte === undefined ? [FIRST_LEAD + (rest >> 8), rest & 0xff] : [byte];
      const start = text.slice(0, 2);
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), { text, code }]);
    });
  }

  /** The shortest code of a text; undefined for a text with other characters than the code knows. */
  encode(text: string): Buffer | undefined {
    if (!isCodedText(text)) return undefined;
    // From the end: the fewest bytes for what remains, and the phrase that begins them.
    const bytes = new Uint32Array(text.length + 1);
    const best: (Phrase | undefined)[] = [];
    for (let at = text.length - 1; at >= 0; at -= 1) {
      let fewest = 1 + (bytes[at + 1] ?? 0);
      for (const phrase of this.#byStart.get(text.slice(at, at + 2)) ?? []) {
        const needed = phrase.code.length + (bytes[at + phrase.text.length] ?? Infinity);
        if (needed >= fewest || !text.startsWith(phrase.text, at)) continue;
        fewest = needed;
        best[at] = phrase;
      }
      bytes[at] = fewest;
    }
    const code: number[] = [];
    for (let at = 0; at < text.length;) {
      const phrase = best[at];
      if (phrase === undefined) code.push(text.charCodeAt(at));
      else code.push(...phrase.code);
      at += phrase?.text.length ?? 1;
    }
    return Buffer.from(code);
  }

  /**
   * The text of a code.
   * @param from first byte of the code
   * @param longest most characters the text may have
   * @throws Error for bytes that no text has, and for more text than allowed
   */
  decode(code: Buffer, from: number, longest: number): string {
    let text = '';
    for (let at = from; at < code.length; at += 1) {
      const byte = code[at] ?? 0;
      let piece = this.#single[byte];
      if (piece === undefined) {
        at += 1;
        piece = this.#double[((byte - FIRST_LEAD) << 8) + (code[at] ?? 0xffff)];
        if (piece === undefined) throw new Error('no such phrase');
      }
      text += piece;
      if (text.length > longest) throw new Error('too long');
    }
    return text;
  }
}

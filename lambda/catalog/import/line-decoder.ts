const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Bytes of a line to text. Sources are ASCII or UTF-8; older ones are Windows-1252. A line that is no valid
 * UTF-8 is read as Windows-1252 and counted, so that the build can say so: it never becomes `�` in silence.
 */
export class LineDecoder {
  /** Lines read as Windows-1252 so far. */
  legacyLines = 0;
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #legacy = new TextDecoder('windows-1252');

  /** @param first whether a byte order mark may stand before the text */
  decode(line: Uint8Array, first: boolean): string {
    const bytes = line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
    const text = this.#text(bytes);
    return first && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }

  #text(bytes: Uint8Array): string {
    try {
      return this.#utf8.decode(bytes);
    } catch {
      this.legacyLines += 1;
      return this.#legacy.decode(bytes);
    }
  }
}

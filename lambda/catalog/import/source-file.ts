import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errorCode } from '../../store/system-error';
import { ImportError } from './import-error';
import { LineDecoder } from './line-decoder';

export interface SourceLine {
  /** Counted from 1. */
  number: number;
  text: string;
}

/** How much of a file's start is looked at to recognise its format, in lines. */
const HEAD_LINES = 200;

/** No official line comes near; a file without line ends would otherwise fill the memory. Bytes. */
const LONGEST_LINE = 1_000_000;

const NEWLINE = 0x0a;

/** Called while a source is read: bytes of the file on disk read so far. */
export type OnBytes = (bytes: number) => void;

/**
 * A text file to import, plain or gzip (told by its first bytes, not its name), read as a stream of lines.
 * Its sha256 is known once it has been read to the end.
 */
export class SourceFile {
  #digest: string | undefined;
  #decoder = new LineDecoder();

  private constructor(
    private readonly path: string,
    /** Name without folder, for messages and manifests. */
    readonly name: string,
    /** Bytes on disk. */
    readonly size: number,
    private readonly gzip: boolean,
  ) {}

  /** @throws ImportError when there is no such file, or it is of a kind that cannot hold lines of text */
  static async open(path: string): Promise<SourceFile> {
    const name = basename(path);
    const magic = Buffer.alloc(4);
    let size: number;
    try {
      const found = await stat(path);
      if (!found.isFile()) throw new ImportError(path, undefined, 'it is no file', 'Name a file.');
      size = found.size;
      const file = await open(path, 'r');
      await file.read(magic, 0, magic.length, 0).finally(() => file.close());
    } catch (error) {
      if (error instanceof ImportError) throw error;
      const code = errorCode(error) ?? String(error);
      throw new ImportError(path, undefined, `it cannot be read (${code})`, 'Check the path.');
    }
    if (magic.toString('latin1') === 'PK\u0003\u0004') {
      throw new ImportError(name, undefined, 'it is a zip archive', 'Unpack it and name the file inside.');
    }
    const start = magic.toString('hex');
    if (start.startsWith('fffe') || start.startsWith('feff')) {
      throw new ImportError(name, undefined, 'it is UTF-16 text', 'Save it as UTF-8.');
    }
    return new SourceFile(path, name, size, start.startsWith('1f8b'));
  }

  /** Hex sha256 of the file as stored. Known after `lines` ran to the end. */
  get sha256(): string {
    if (this.#digest === undefined) throw new Error(`${this.name} has not been read to its end`);
    return this.#digest;
  }

  /** Lines of the last reading that were not UTF-8 and were read as Windows-1252. */
  get legacyLines(): number {
    return this.#decoder.legacyLines;
  }

  /** The first lines, enough to recognise the format. */
  async head(): Promise<string[]> {
    const head: string[] = [];
    for await (const { text } of this.lines()) {
      head.push(text);
      if (head.length === HEAD_LINES) break;
    }
    return head;
  }

  /**
   * Every line without its line end (LF or CRLF), the byte order mark removed; the empty rest after the last
   * line end is no line.
   * @throws ImportError when the gzip data is damaged or cut off, or the file holds no text
   */
  async *lines(onBytes: OnBytes = () => undefined): AsyncGenerator<SourceLine> {
    this.#decoder = new LineDecoder();
    let number = 0;
    let rest: Buffer[] = [];
    let restBytes = 0;
    for await (const chunk of this.#content(onBytes)) {
      let from = 0;
      for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        const end = chunk.subarray(from, to);
        const bytes = restBytes === 0 ? end : Buffer.concat([...rest, end]);
        if (restBytes > 0) [rest, restBytes] = [[], 0];
        from = to + 1;
        number += 1;
        yield { number, text: this.#decode(bytes, number) };
      }
      if (from < chunk.length) {
        rest.push(chunk.subarray(from));
        restBytes += chunk.length - from;
        if (restBytes > LONGEST_LINE) this.#refuse(number + 1, 'it has a line of more than a million bytes');
      }
    }
    if (restBytes > 0) yield { number: number + 1, text: this.#decode(Buffer.concat(rest), number + 1) };
  }

  async *#content(onBytes: OnBytes): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    let read = 0;
    const stored = createReadStream(this.path, { highWaterMark: 256 * 1024 });
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of buffers(stored)) {
        hash.update(chunk);
        read += chunk.length;
        onBytes(read);
        yield chunk;
      }
    };
    try {
      if (this.gzip) {
        const unpacked = createGunzip();
        pipeline(Readable.from(counted()), unpacked, () => undefined);
        yield* buffers(unpacked);
      } else {
        yield* counted();
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ImportError(
        this.name,
        undefined,
        this.gzip ? `its gzip data is damaged or cut off (${reason})` : `it cannot be read (${reason})`,
        'Download it again.',
        { cause: error },
      );
    } finally {
      stored.destroy();
    }
    this.#digest = hash.digest('hex');
  }

  #decode(bytes: Buffer, number: number): string {
    const text = this.#decoder.decode(bytes, number === 1);
    if (text.includes('\u0000')) this.#refuse(number, 'it holds NUL bytes, so it is no text file');
    return text;
  }

  #refuse(line: number, reason: string): never {
    throw new ImportError(this.name, line, reason, 'Check that this is the right file.');
  }
}

/** A byte stream's chunks with their type. */
async function* buffers(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    if (Buffer.isBuffer(chunk)) yield chunk;
  }
}

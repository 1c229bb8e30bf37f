import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CodeRecord } from '../codes/record';
import { PhraseCode } from './phrase-code';
import { RECORD_PHRASES_1 } from './phrases';
import { asRecord, recordFromText, recordText } from './record-text';

/*
 * A value in Redis is a frame:
 *
 *     byte 0      format: how the text reads
 *     bytes 1-4   CRC-32 over the key, the format and all that follows, little-endian
 *     bytes 5-8   when the value expires, seconds since 1970, little-endian
 *     bytes 9-11  stamp of the release it was loaded under, little-endian
 *     from 12     the text in its format
 *
 * One command reads it, it proves that it belongs under its key, and it says itself how long it may be believed,
 * whatever has become of the key's own expiry.
 */

/** First byte of a frame. A released number never changes its meaning. */
export const FORMAT = {
  /** The release holds no such value. No text follows. */
  unknown: 0x00,
  /** JSON, raw deflate. */
  packedJson: 0x01,
  /** A record's text (record-text.ts) in the code of the first list of phrases. */
  record1: 0x02,
  /** JSON as it stands: for small values, and for all of them where people read Redis with redis-cli. */
  json: 0x03,
} as const;

/** JSON shorter than this, bytes, is stored as it stands: packing it would cost more than it saves. */
const PACK_FROM = 1_024;

/** Longest text a frame may stand for, bytes or characters. The longest real list, category S82, has 0.4 MB; a note some 10 KB. */
const MAX_TEXT = { json: 16 * 1024 * 1024, record: 256 * 1024 } as const;

/** More bytes than any frame has; a longer value in Redis is none of ours. */
export const MAX_FRAME = 4 * 1024 * 1024;

const RECORD_1 = new PhraseCode(RECORD_PHRASES_1);

/** Bytes before the text. */
export const FRAME_HEAD = 12;

/** Where what the checksum covers begins. */
const COVERED = 5;

/** A value in Redis that is no frame of its key. Counts as a miss, and the next write replaces it. */
export class UndecodableFrame extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`undecodable value in the cache: ${problem}`, options);
    this.name = 'UndecodableFrame';
  }
}

/** What a frame says besides its value. */
export interface FrameHead {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** See Generation.stamp. */
  readonly stamp: number;
}

export interface FrameOptions extends FrameHead {
  /** Writes every value as JSON as it stands. It takes two to three times the memory. */
  readonly plain?: boolean | undefined;
}

function checksum(key: string, frame: Buffer): number {
  return crc32(frame.subarray(COVERED), (crc32(key) ^ (frame[0] ?? 0)) >>> 0);
}

function textOf(value: unknown, plain: boolean): readonly [format: number, text: Buffer | string] {
  if (value === undefined) return [FORMAT.unknown, ''];
  if (!plain) {
    const record = asRecord(value);
    const code = record === undefined ? undefined : recordCode(record);
    if (code !== undefined) return [FORMAT.record1, code];
  }
  const json = JSON.stringify(value);
  return plain || Buffer.byteLength(json) < PACK_FROM
    ? [FORMAT.json, json]
    : [FORMAT.packedJson, deflateRawSync(json)];
}

function recordCode(record: CodeRecord): Buffer | undefined {
  const text = recordText(record);
  return text === undefined || text.length > MAX_TEXT.record ? undefined : RECORD_1.encode(text);
}

/** The bytes that stand for a JSON value under its key; undefined stands for a value the release does not hold. */
export function encodeFrame(key: string, value: unknown, options: FrameOptions): Buffer {
  const [format, text] = textOf(value, options.plain === true);
  const frame = Buffer.alloc(FRAME_HEAD + Buffer.byteLength(text));
  frame.writeUInt8(format, 0);
  frame.writeUInt32LE(Math.floor(options.expiresAt / 1_000), 5);
  frame.writeUIntLE(options.stamp, 9, 3);
  if (typeof text === 'string') frame.write(text, FRAME_HEAD);
  else text.copy(frame, FRAME_HEAD);
  frame.writeUInt32LE(checksum(key, frame), 1);
  return frame;
}

/**
 * What a frame says besides its value, once it has proved whole and of this key.
 * @throws UndecodableFrame for anything that `encodeFrame` cannot have written for the key
 */
export function openFrame(key: string, frame: Buffer): FrameHead {
  if (frame.length < FRAME_HEAD) throw new UndecodableFrame('cut short');
  if (checksum(key, frame) !== frame.readUInt32LE(1))
    throw new UndecodableFrame('damaged, or of another key');
  return { expiresAt: frame.readUInt32LE(5) * 1_000, stamp: frame.readUIntLE(9, 3) };
}

/** The stamp in the first FRAME_HEAD bytes of what may be a frame, unproved; undefined where no frame begins so. */
export function stampOfStart(start: Buffer): number | undefined {
  const format = start[0];
  const known = Object.values(FORMAT).some((each) => each === format);
  return known && start.length >= FRAME_HEAD ? start.readUIntLE(9, 3) : undefined;
}

function unfold(frame: Buffer): unknown {
  switch (frame[0]) {
    case FORMAT.record1:
      return recordFromText(RECORD_1.decode(frame, FRAME_HEAD, MAX_TEXT.record));
    case FORMAT.json:
      return JSON.parse(frame.toString('utf8', FRAME_HEAD));
    case FORMAT.packedJson:
      return JSON.parse(
        inflateRawSync(frame.subarray(FRAME_HEAD), { maxOutputLength: MAX_TEXT.json }).toString(),
      );
    case FORMAT.unknown:
      return undefined;
    default:
      throw new UndecodableFrame(`no format starts with ${frame[0] ?? 'nothing'}`);
  }
}

/**
 * The JSON value of a frame that `openFrame` has let pass; undefined for a value the release does not hold.
 * @throws UndecodableFrame for a format that a later version may know
 */
export function frameValue(frame: Buffer): unknown {
  try {
    return unfold(frame);
  } catch (error) {
    if (error instanceof UndecodableFrame) throw error;
    throw new UndecodableFrame(`format ${frame[0] ?? 'none'} does not read`, { cause: error });
  }
}

/** About how many bytes of process memory the value behind a frame takes. */
export function unfoldedSize(frame: Buffer): number {
  switch (frame[0]) {
    case FORMAT.record1:
      return 1_000 + frame.length * 6;
    case FORMAT.packedJson:
      return frame.length * 20;
    default:
      return frame.length * 3;
  }
}

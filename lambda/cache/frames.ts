import { isUtf8 } from 'node:buffer';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { PhraseCode } from './phrase-code';
import { RECORD_PHRASES_1 } from './phrases';
import type { CodeRecord } from '../codes/record';
import { asRecord, recordFromText, recordText } from './record-text';

/**
 * First byte of a value in Redis: how the rest reads. A released number never changes its meaning. The packed formats
 * hold the CRC-32 of their text in the next four bytes, because a flipped bit of packed text reads as other text.
 */
export const FORMAT = {
  /** `{`: the value is JSON text as it stands, for small values that are no record. */
  json: 0x7b,
  /** The live release holds no such value. Nothing follows. */
  unknown: 0x00,
  /** JSON text, raw deflate. */
  packedJson: 0x01,
  /** A record's text (record-text.ts) in the code of the first list of phrases. */
  record1: 0x02,
} as const;

/** JSON shorter than this, bytes, is stored as it stands where it can be: packing it would cost more than it saves. */
const PACK_FROM = 1_024;

/** Longest text a frame may stand for, bytes or characters. The longest real list, category S82, has 0.4 MB; a note some 10 KB. */
const MAX_TEXT = { json: 16 * 1024 * 1024, record: 256 * 1024 } as const;

const RECORD_1 = new PhraseCode(RECORD_PHRASES_1);

/** Bytes before the packed text: format and CRC-32. */
const HEAD = 5;

/** A value in Redis that no format explains. Counts as a miss, and the next write replaces it. */
export class UndecodableFrame extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`undecodable value in the cache: ${problem}`, options);
    this.name = 'UndecodableFrame';
  }
}

const UNKNOWN_FRAME = Buffer.from([FORMAT.unknown]);

function head(format: number, text: string): Buffer {
  const bytes = Buffer.alloc(HEAD);
  bytes.writeUInt8(format, 0);
  bytes.writeUInt32LE(crc32(text), 1);
  return bytes;
}

function verified(frame: Buffer, text: string): string {
  if (frame.length <= HEAD) throw new UndecodableFrame('cut short');
  if (crc32(text) !== frame.readUInt32LE(1)) throw new UndecodableFrame('damaged');
  return text;
}

function packJson(json: string): Buffer {
  return Buffer.concat([head(FORMAT.packedJson, json), deflateRawSync(json)]);
}

/** Always a checked format: a record with a flipped bit would be a wrong answer that looks right. */
function encodeRecord(record: CodeRecord): Buffer {
  const text = recordText(record);
  const code = text === undefined || text.length > MAX_TEXT.record ? undefined : RECORD_1.encode(text);
  return text === undefined || code === undefined
    ? packJson(JSON.stringify(record))
    : Buffer.concat([head(FORMAT.record1, text), code]);
}

/** The bytes that stand for a JSON value in Redis; undefined stands for a value the release does not hold. */
export function encodeFrame(value: unknown): Buffer {
  if (value === undefined) return UNKNOWN_FRAME;
  const record = asRecord(value);
  if (record !== undefined) return encodeRecord(record);
  const json = JSON.stringify(value);
  if (json.startsWith('{') && Buffer.byteLength(json) < PACK_FROM) return Buffer.from(json);
  return packJson(json);
}

function inflate(frame: Buffer): string {
  return inflateRawSync(frame.subarray(HEAD), { maxOutputLength: MAX_TEXT.json }).toString();
}

function unfold(frame: Buffer): unknown {
  switch (frame[0]) {
    case FORMAT.record1:
      return recordFromText(verified(frame, RECORD_1.decode(frame, HEAD, MAX_TEXT.record)));
    case FORMAT.json:
      // Reading bytes that are no UTF-8 would put replacement characters into the value.
      if (!isUtf8(frame)) throw new UndecodableFrame('damaged');
      return JSON.parse(frame.toString());
    case FORMAT.packedJson:
      return JSON.parse(verified(frame, inflate(frame)));
    case FORMAT.unknown:
      if (frame.length === 1) return undefined;
      throw new UndecodableFrame('more than a mark');
    default:
      throw new UndecodableFrame(`no format starts with ${frame[0] ?? 'nothing'}`);
  }
}

/**
 * The JSON value behind a frame; undefined for a value the release does not hold.
 * @throws UndecodableFrame for anything `encodeFrame` cannot have written
 */
export function decodeFrame(frame: Buffer): unknown {
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

import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

/** First byte of a value in Redis: how the rest reads. A released number never changes its meaning. */
export const FORMAT = {
  /** `{`: the value is JSON text as it stands. */
  json: 0x7b,
  /** The live release holds no such value. Nothing follows. */
  unknown: 0x00,
  /** JSON text, raw deflate. */
  deflated: 0x01,
} as const;

/** JSON shorter than this, bytes, is stored as it stands where it can be: packing it would cost more than it saves. */
const PACK_FROM = 1_024;

/** Longest JSON text a frame may unfold to, bytes. The longest real list, category S82, has 0.4 MB. */
const MAX_UNFOLDED = 16 * 1024 * 1024;

/** A value in Redis that no format explains. Counts as a miss, and the next write replaces it. */
export class UndecodableFrame extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`undecodable value in the cache: ${problem}`, options);
    this.name = 'UndecodableFrame';
  }
}

const UNKNOWN_FRAME = Buffer.from([FORMAT.unknown]);

/** The bytes that stand for a JSON value in Redis; undefined stands for a value the release does not hold. */
export function encodeFrame(value: unknown): Buffer {
  if (value === undefined) return UNKNOWN_FRAME;
  const json = Buffer.from(JSON.stringify(value));
  if (json[0] === FORMAT.json && json.length < PACK_FROM) return json;
  const packed = deflateRawSync(json, { level: constants.Z_BEST_SPEED + 5 });
  return Buffer.concat([Buffer.from([FORMAT.deflated]), packed]);
}

function parse(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}

/**
 * The JSON value behind a frame; undefined for a value the release does not hold.
 * @throws UndecodableFrame for anything `encodeFrame` cannot have written
 */
export function decodeFrame(frame: Buffer): unknown {
  try {
    switch (frame[0]) {
      case FORMAT.json:
        return parse(frame.toString());
      case FORMAT.deflated:
        return parse(inflateRawSync(frame.subarray(1), { maxOutputLength: MAX_UNFOLDED }).toString());
      case FORMAT.unknown:
        if (frame.length === 1) return undefined;
        break;
      default:
    }
  } catch (error) {
    throw new UndecodableFrame(`format ${frame[0] ?? 'none'} does not read`, { cause: error });
  }
  throw new UndecodableFrame(`no format starts with ${frame[0] ?? 'nothing'}`);
}

/** About how many bytes of process memory the value behind a frame takes. */
export function unfoldedSize(frame: Buffer): number {
  return frame.length * (frame[0] === FORMAT.json ? 2 : 12);
}

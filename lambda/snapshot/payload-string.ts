/** RDB's type of a string value. */
const STRING = 0x00;
/** A string under LZF; the other special encodings are numbers. */
const LZF = 0xc3;

/** A length as RDB writes it, and where what follows it begins; undefined for a special encoding. */
function lengthAt(payload: Buffer, at: number): { length: number; next: number } | undefined {
  const first = payload.readUInt8(at);
  switch (first >> 6) {
    case 0:
      return { length: first & 0x3f, next: at + 1 };
    case 1:
      return { length: ((first & 0x3f) << 8) | payload.readUInt8(at + 1), next: at + 2 };
    case 2:
      return first === 0x80 ? { length: payload.readUInt32BE(at + 1), next: at + 5 } : undefined;
    default:
      return undefined;
  }
}

/** The first bytes of what LZF packed: literal runs, and copies of what came before. */
function unpackedStart(packed: Buffer, wanted: number): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < packed.length && bytes.length < wanted;) {
    const control = packed.readUInt8(at);
    at += 1;
    if (control < 32) {
      bytes.push(...packed.subarray(at, at + control + 1));
      at += control + 1;
      continue;
    }
    let length = control >> 5;
    if (length === 7) {
      length += packed.readUInt8(at);
      at += 1;
    }
    let from = bytes.length - ((control & 0x1f) << 8) - packed.readUInt8(at) - 1;
    at += 1;
    for (let copied = 0; copied < length + 2; copied += 1, from += 1) bytes.push(bytes[from] ?? 0);
  }
  return Buffer.from(bytes.slice(0, wanted));
}

/**
 * The first bytes of the string behind a DUMP payload; undefined for a value of another type, a number, or what is no
 * payload (the RDB format, as Redis' own `rdb.c` reads it).
 * @param wanted at most so many bytes
 */
export function stringStart(payload: Buffer, wanted: number): Buffer | undefined {
  try {
    if (payload.readUInt8(0) !== STRING) return undefined;
    if (payload.readUInt8(1) !== LZF) {
      const plain = lengthAt(payload, 1);
      return plain && payload.subarray(plain.next, plain.next + Math.min(plain.length, wanted));
    }
    const packed = lengthAt(payload, 2);
    const whole = packed && lengthAt(payload, packed.next);
    return whole && unpackedStart(payload.subarray(whole.next, whole.next + packed.length), wanted);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

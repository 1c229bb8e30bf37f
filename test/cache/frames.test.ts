import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { RECORD_PHRASES_1 } from '../../lambda/cache/phrases';
import { encodeFrame, FORMAT, frameValue, openFrame, UndecodableFrame } from '../../lambda/cache/frames';
import type { CodeRecord } from '../../lambda/codes/record';

const RECORD: CodeRecord = {
  type: 'icd10',
  code: 'S82.101B',
  description:
    'Unspecified fracture of upper end of right tibia, initial encounter for open fracture type I or II',
  shortDescription: 'Unsp fracture of upper end of right tibia, init for opn fx type I/2',
  category: 'S82',
  billable: true,
};

const KEY = 'icd10:S82.101B';
const HEAD = { expiresAt: 1_800_000_000_000, stamp: 0xabcdef };
/** Format, checksum, expiry and stamp. */
const HEAD_BYTES = 12;

const encode = (value: unknown, plain = false): Buffer => encodeFrame(KEY, value, { ...HEAD, plain });
const decode = (frame: Buffer, key = KEY): unknown => {
  openFrame(key, frame);
  return frameValue(frame);
};

const NOTES = { excludes1: ['a "quoted" note', 'über | \\n'], inclusionTerms: ['x'], codeFirst: ['y'] };

/** Values of every shape that comes by, and some that never should. */
const VALUES: Record<string, unknown> = {
  'a record': RECORD,
  'a header': { ...RECORD, code: 'S82', billable: false },
  'a record with dates and notes': {
    ...RECORD,
    validFrom: '2020-10-01',
    validTo: '2021-09-30',
    notes: NOTES,
  },
  'a code with former states, notes and replacements': {
    ...RECORD,
    validFrom: '2021-10-01',
    validTo: '2024-09-30',
    earlier: [
      { validTo: '2019-09-30', billable: false, description: 'SAMPLE old', shortDescription: 'SAMPLE' },
      {
        validFrom: '2020-10-01',
        validTo: '2021-09-30',
        billable: true,
        description: 'a',
        shortDescription: 'b',
      },
    ],
    notes: NOTES,
    earlierNotes: [{ until: '2020-09-30' }, { until: '2021-09-30', notes: NOTES }],
    replacedBy: [{ from: '2024-10-01', codes: ['Z00.01', 'Z00.02'] }],
  },
  'a header with notes': { ...RECORD, billable: false, notes: NOTES },
  'a CPT record': { ...RECORD, type: 'cpt', code: '99213', category: 'evaluation-and-management' },
  'a CPT record of letters': { ...RECORD, type: 'cpt', code: '0001F', category: 'category-ii' },
  'a HCPCS record': { ...RECORD, type: 'hcpcs', code: 'J1100', category: 'J' },
  'a record whose descriptions agree': { ...RECORD, shortDescription: RECORD.description },
  'a record without short description': { ...RECORD, shortDescription: '' },
  'a record without any description': { ...RECORD, description: '', shortDescription: '' },
  'a record with a line break': { ...RECORD, description: 'two\nlines' },
  'a record with half a character': { ...RECORD, description: 'broken \ud800 text' },
  'a record of another category': { ...RECORD, category: 'S83' },
  'a record with a member more': { ...RECORD, score: 1 },
  'a record with a kind of note more': { ...RECORD, notes: { ...NOTES, seven: ['z'] } },
  'a record with an odd code': { ...RECORD, code: 'c99' },
  'a small object': { icd10: 'Z00.00', cpt: '99213', related: false, sources: [] },
  'an empty object': {},
  'an empty list': [],
  'a long list': Array.from({ length: 3_000 }, (_, index) => ({ code: `S82.${index}`, billable: true })),
  'a long object': { text: 'ä'.repeat(5_000) },
  text: 'text',
  nothing: null,
  zero: 0,
};

describe('a value in Redis', () => {
  it.each(Object.entries(VALUES))('comes back as it went in: %s', (_name, value) => {
    // JSON cannot hold half a character; it comes back as JSON would give it.
    expect(decode(encode(value))).toEqual(JSON.parse(JSON.stringify(value)));
    expect(decode(encode(value, true))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('tells a value the release does not hold from a value', () => {
    expect(encode(undefined)).toHaveLength(HEAD_BYTES);
    expect(decode(encode(undefined))).toBeUndefined();
    expect(decode(encode(null))).toBeNull();
  });

  it('says in its first byte how it is packed', () => {
    expect(encode(VALUES['a small object'])[0]).toBe(FORMAT.json);
    expect(encode(VALUES['a long list'])[0]).toBe(FORMAT.packedJson);
    expect(encode(RECORD)[0]).toBe(FORMAT.record1);
    expect(encode(undefined)[0]).toBe(FORMAT.unknown);
  });

  it('shows as JSON to whoever reads Redis by hand, where that is wanted', () => {
    for (const value of [RECORD, VALUES['a long list'], VALUES['a small object']]) {
      expect(encode(value, true).toString('utf8', HEAD_BYTES)).toBe(JSON.stringify(value));
    }
  });

  it('says how long it may be believed, to the second, and which release it was loaded under', () => {
    expect(openFrame(KEY, encode(RECORD))).toEqual(HEAD);
    expect(openFrame(KEY, encodeFrame(KEY, RECORD, { expiresAt: 2_999, stamp: 1 }))).toEqual({
      expiresAt: 2_000,
      stamp: 1,
    });
  });

  it('is good under its own key alone', () => {
    for (const value of [...Object.values(VALUES), undefined]) {
      expect(() => openFrame('icd10:S82.101C', encode(value))).toThrow(UndecodableFrame);
    }
  });

  it('of a record takes a fraction of its JSON', () => {
    expect(encode(RECORD).length).toBeLessThan(JSON.stringify(RECORD).length / 4);
  });

  it('keeps the order of members, so that one record has one ETag', () => {
    const record = VALUES['a record with dates and notes'];
    const once = decode(encode(record));
    expect(JSON.stringify(decode(encode(once)))).toBe(JSON.stringify(once));
    expect(Object.keys(once as CodeRecord)).toEqual(Object.keys(record as CodeRecord));
  });

  it('is written with a list of phrases that never changes once values were written with it', () => {
    expect(createHash('sha256').update(RECORD_PHRASES_1.join('|')).digest('hex')).toBe(
      '14d49d167076356de2c654a79080b5edd020c7db5b659eb0b699e4eb91286645',
    );
  });
});

function decodedOrRefused(frame: Buffer): unknown {
  try {
    return decode(frame);
  } catch (error) {
    if (error instanceof UndecodableFrame) return 'refused';
    throw error;
  }
}

describe('a damaged value in Redis', () => {
  it.each([
    ['nothing at all', Buffer.alloc(0)],
    ['an unknown format', Buffer.from([0x7f, 1, 2, 3])],
    ['plain JSON', Buffer.from('{"a":1}')],
    ['a head with something after it', Buffer.concat([encode(undefined), Buffer.from([0])])],
    ['a head cut short', encode(RECORD).subarray(0, HEAD_BYTES - 1)],
    ['a head alone', encode(RECORD).subarray(0, HEAD_BYTES)],
    ['another tool’s text', Buffer.from('not ours')],
  ])('is refused: %s', (_name, frame) => {
    expect(() => decode(frame)).toThrow(UndecodableFrame);
  });

  it('never gives a wrong value, whichever bit of it is flipped and wherever it is cut', () => {
    for (const value of [
      RECORD,
      VALUES['a header with notes'],
      VALUES['a record with a line break'],
      VALUES['a long list'],
    ]) {
      const frame = encode(value);
      const end = Math.min(frame.length, 300);
      const damaged: Buffer[] = [];
      for (let bit = 0; bit < end * 8; bit += 1) {
        const flipped = Buffer.from(frame);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        damaged.push(flipped);
      }
      for (let length = 1; length < end; length += 1) damaged.push(frame.subarray(0, length));
      expect(damaged.map(decodedOrRefused).filter((each) => each !== 'refused')).toEqual([]);
    }
  });

  it('is refused when it is random bytes, whatever format they claim', () => {
    for (let round = 0; round < 10_000; round += 1) {
      const frame = randomBytes(2 + (round % 120));
      if (round % 2 === 0) frame[0] = [FORMAT.record1, FORMAT.packedJson, FORMAT.json][round % 3]!;
      if (decodedOrRefused(frame) !== 'refused') throw new Error(`read: ${frame.toString('hex')}`);
    }
  });

  it('cannot fill the memory: what unfolds to too much is refused', () => {
    const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    for (const format of [FORMAT.packedJson, FORMAT.record1]) {
      const before = process.memoryUsage().arrayBuffers;
      const frame = Buffer.concat([Buffer.from([format]), Buffer.alloc(HEAD_BYTES - 1), bomb]);
      expect(() => frameValue(frame)).toThrow(UndecodableFrame);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 1024 * 1024);
    }
  });
});

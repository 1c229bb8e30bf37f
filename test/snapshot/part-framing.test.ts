import { DamagedPart, decodeRecords, encodeHeader, PART_MAGIC } from '../../lambda/snapshot/part-framing';
import { inBatches } from '../../lambda/snapshot/batches';
import type { SnapshotRecord } from '../../lambda/snapshot/record';

const RECORDS: SnapshotRecord[] = [
  {
    key: Buffer.from('icd10:Z00.00'),
    payload: Buffer.from([0, 1, 255, 13, 10]),
    expiresAt: 1_800_000_000_123,
  },
  { key: Buffer.alloc(0), payload: Buffer.alloc(70_000, 7), expiresAt: 0 },
  { key: Buffer.from([0, 255]), payload: Buffer.from('x'), expiresAt: 1 },
];
const framed = (record: SnapshotRecord): Buffer =>
  Buffer.concat([encodeHeader(record), record.key, record.payload]);
const PART = Buffer.concat([PART_MAGIC, ...RECORDS.map(framed)]);

// eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size = 1_000): Promise<SnapshotRecord[]> {
  const records: SnapshotRecord[] = [];
  for await (const record of decodeRecords(chunked(bytes, size))) records.push(record);
  return records;
}

describe("a part's records", () => {
  it.each([1, 7, 24, 4_096, 1_000_000])('come back as they went in, in chunks of %i bytes', async (size) => {
    expect(await read(PART, size)).toEqual(RECORDS);
  });

  it('are found damaged wherever one byte differs', async () => {
    for (let at = 0; at < PART.length; at += at < 200 || at > PART.length - 200 ? 1 : 997) {
      const damaged = Buffer.from(PART);
      damaged[at]! ^= 0x20;
      await expect(read(damaged, 1_000_000)).rejects.toThrow(DamagedPart);
    }
  });

  it('are found cut short unless the cut is between two of them, which the manifest tells', async () => {
    const ends = [PART_MAGIC.length];
    for (const record of RECORDS) ends.push(ends.at(-1)! + framed(record).length);
    for (const at of [0, 3, 9, 40, PART.length - 1]) {
      await expect(read(PART.subarray(0, at))).rejects.toThrow(DamagedPart);
    }
    for (const [index, end] of ends.entries()) expect(await read(PART.subarray(0, end))).toHaveLength(index);
  });

  it('with a damaged length do not make the reader wait for gigabytes', async () => {
    const damaged = Buffer.from(PART);
    damaged.writeUInt32BE(0xffff_ffff, PART_MAGIC.length + 4);
    await expect(read(damaged)).rejects.toThrow('the header of record 1 is damaged');
  });

  it('go to the server in batches bounded by keys and bytes; a larger one goes alone', async () => {
    const sizes: number[] = [];
    for await (const batch of inBatches(decodeRecords(chunked(PART, 999)), { keys: 2, bytes: 1_000 })) {
      sizes.push(batch.length);
    }
    expect(sizes).toEqual([1, 1, 1]);
    const pairs: number[] = [];
    for await (const batch of inBatches(decodeRecords(chunked(PART, 999)), { keys: 2, bytes: 1_000_000 })) {
      pairs.push(batch.length);
    }
    expect(pairs).toEqual([2, 1]);
  });
});

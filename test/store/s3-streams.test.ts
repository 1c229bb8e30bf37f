import { randomBytes } from 'node:crypto';
import { openStore } from '../../lambda/store/open-store';
import type { ObjectStore } from '../../lambda/store/object-store';
import type { SeenRequest } from '../support/s3/faults';
import { S3Server } from '../support/s3/server';

const RETAIN = new Date('2026-12-22T03:00:00.000Z');
const saved = { ...process.env };
let server: S3Server;
let store: ObjectStore;

beforeEach(async () => {
  server = await S3Server.start();
  Object.assign(process.env, server.variables);
  store = openStore(server.url);
});
afterEach(async () => {
  process.env = { ...saved };
  await server.stop();
});

// eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
async function* pieces(count: number, failAfter = Infinity): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < count; piece += 1) {
    if (piece === failAfter) throw new Error('Redis went away');
    yield randomBytes(1_000_000);
  }
}

async function readAll(key: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.getStream(key)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const request = (name: string): SeenRequest | undefined => server.requests.find((each) => each.name === name);

const LOCK = {
  'x-amz-object-lock-mode': 'GOVERNANCE',
  'x-amz-object-lock-retain-until-date': '2026-12-22T03:00:00Z',
};

describe('streams of a bucket', () => {
  it('stores a small object in one request, locked, with a checksum', async () => {
    await store.putStream('backups/part', pieces(1), { retainUntil: RETAIN });
    await store.put('backups/manifest.json', Buffer.from('{}'), { retainUntil: RETAIN });
    for (const key of ['backups/part', 'backups/manifest.json']) {
      expect(request(`PUT ${key}`)?.headers).toMatchObject({
        ...LOCK,
        'x-amz-checksum-crc32': expect.any(String),
      });
    }
  });

  it('stores a large object in pieces, locked as a whole, each piece with a checksum', async () => {
    await store.putStream('backups/part', pieces(20), { retainUntil: RETAIN });
    expect(server.bucket.objects.get('backups/part')).toHaveLength(20_000_000);
    expect(request('POST backups/part?uploads')?.headers).toMatchObject(LOCK);
    const sent = server.requests.filter(({ name }) => name.startsWith('PUT backups/part?partNumber='));
    expect(sent).toHaveLength(3);
    for (const { headers } of sent) expect(headers).toHaveProperty('x-amz-checksum-crc32');
  });

  it('locks nothing that is to be deleted soon', async () => {
    await store.put('backups/checkpoint.json', Buffer.from('{}'));
    expect(request('PUT backups/checkpoint.json')?.headers).not.toHaveProperty('x-amz-object-lock-mode');
  });

  it('aborts the upload when its source fails, and passes on why', async () => {
    await expect(store.putStream('backups/part', pieces(30, 25))).rejects.toThrow('Redis went away');
    expect(server.bucket.openUploads).toBe(0);
    expect(server.bucket.objects.size).toBe(0);
  });

  it('aborts the upload when S3 refuses a piece, and says what it could not write', async () => {
    server.fault = ({ name }) => (name === 'PUT backups/part?partNumber=2' ? 403 : undefined);
    await expect(store.putStream('backups/part', pieces(30))).rejects.toThrow(
      's3://test-bucket: backups/part: access denied',
    );
    expect(server.bucket.openUploads).toBe(0);
    expect(server.bucket.objects.size).toBe(0);
  });

  it('goes on with a download where its connection broke', async () => {
    await store.putStream('backups/part', pieces(4));
    server.fault = ({ name }, count) =>
      name === 'GET backups/part' && count <= 3 ? 'truncated-body' : undefined;
    expect((await readAll('backups/part')).equals(server.bucket.objects.get('backups/part')!)).toBe(true);
    const ranges = server.requests.flatMap(({ headers }) => headers.range ?? []);
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('says what it could not read', async () => {
    await expect(readAll('backups/absent')).rejects.toThrow(
      's3://test-bucket: backups/absent: there is no such object',
    );
  });
});

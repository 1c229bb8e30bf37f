import { MANIFEST_NAME, partName } from '../../lambda/backup/backup-layout';
import { type BackupManifest, encodeManifest } from '../../lambda/backup/backup-manifest';
import { type Backup, openBackup } from '../../lambda/backup/open-backup';
import { assertSound, DamagedBackup } from '../../lambda/backup/soundness';
import { verifyBackup } from '../../lambda/backup/verify-backup';
import { fillCodes } from './filled-redis';
import { PREFIX, TwoServers } from './two-servers';

let servers: TwoServers;
let backup: Backup;

beforeAll(async () => {
  servers = await TwoServers.start();
});
beforeEach(async () => {
  await servers.reset();
  await fillCodes(servers.from, 3_000);
  backup = await servers.backUp({ partBytes: 100_000 });
  expect(backup.manifest.parts.length).toBeGreaterThan(2);
});
afterAll(() => servers.stop());

/** The backup as a reader finds it whose manifest somebody wrote anew, checksum and all. */
async function withForged(change: (manifest: BackupManifest) => BackupManifest): Promise<Backup> {
  const forged = encodeManifest(change(backup.manifest));
  await servers.store.put(backup.folder + MANIFEST_NAME, forged);
  return openBackup(servers.store, PREFIX);
}

/** Both the check before a restore and `verify` find it. */
async function expectFound(damaged: Backup, problem: string): Promise<void> {
  const refusal = assertSound(servers.store, damaged);
  await expect(refusal).rejects.toThrow(DamagedBackup);
  await expect(refusal).rejects.toThrow(problem);
  expect((await verifyBackup(servers.store, damaged)).problems).toContainEqual(
    expect.stringContaining(problem),
  );
}

const [first, second] = [partName(1), partName(2)];

describe('damage is found before a restore', () => {
  it('not where there is none', async () => {
    const bytes: number[] = [];
    await assertSound(servers.store, backup, (done) => bytes.push(done));
    expect(bytes.at(-1)).toBe(backup.manifest.parts.reduce((sum, part) => sum + part.bytes, 0));
  });

  it('where a part is missing', async () => {
    await servers.store.delete(backup.folder + second);
    await expectFound(backup, `${second}: it is missing`);
  });

  it('where a part is of another size', async () => {
    await servers.store.put(backup.folder + second, Buffer.from('short'));
    await expectFound(backup, `${second}: it has 5 bytes, the manifest says`);
  });

  it('where one bit of a part differs', async () => {
    const bytes = Buffer.from((await servers.store.get(backup.folder + second))!);
    bytes[bytes.length >> 1]! ^= 1;
    await servers.store.put(backup.folder + second, bytes);
    await expect(assertSound(servers.store, backup)).rejects.toThrow(`${second}: its sha256 is`);
    expect((await verifyBackup(servers.store, backup)).problems).toHaveLength(1);
  });

  it('where a part is there that the manifest does not name, dropped together with its count', async () => {
    const damaged = await withForged((manifest) => {
      const [dropped, ...parts] = manifest.parts;
      return { ...manifest, parts, keys: manifest.keys - dropped!.keys };
    });
    await expectFound(damaged, `${first}: the manifest does not name it`);
  });

  it('where a part is listed twice', async () => {
    const damaged = await withForged((manifest) => {
      const [twice] = manifest.parts;
      return { ...manifest, parts: [...manifest.parts, twice!], keys: manifest.keys + twice!.keys };
    });
    await expectFound(damaged, `it lists ${first} twice`);
  });

  it('where the counts do not add up', async () => {
    const damaged = await withForged((manifest) => ({ ...manifest, keys: manifest.keys + 1 }));
    await expectFound(damaged, 'it says 3001 keys, its parts hold 3000');
  });
});

describe('a manifest', () => {
  const stored = async (): Promise<string> =>
    Buffer.from((await servers.store.get(backup.folder + MANIFEST_NAME))!).toString();

  it.each(['"keys": ', '"sha256": "', '"release": ', '"startedAt": "2'])(
    'that was changed at %j does not match its own checksum',
    async (place) => {
      const text = await stored();
      const at = text.indexOf(place) + place.length;
      const changed = text[at] === '1' ? '2' : text[at] === 'n' ? '"x"' : '1';
      const rest = text[at] === 'n' ? text.slice(at + 4) : text.slice(at + 1);
      const damaged = text.slice(0, at) + changed + rest;
      await servers.store.put(backup.folder + MANIFEST_NAME, Buffer.from(damaged));
      await expect(openBackup(servers.store, PREFIX)).rejects.toThrow('does not match its own checksum');
    },
  );

  it('without a checksum is none', async () => {
    const { checksum: _checksum, ...rest } = JSON.parse(await stored());
    await servers.store.put(backup.folder + MANIFEST_NAME, Buffer.from(JSON.stringify(rest)));
    await expect(openBackup(servers.store, PREFIX)).rejects.toThrow('does not match its own checksum');
  });

  it.each(['../../elsewhere', '/etc/passwd', 'part-1', `${partName(1)}/x`])(
    'that names a part %j is refused, however well it is sealed',
    async (name) => {
      const forged = withForged((manifest) => ({
        ...manifest,
        parts: manifest.parts.map((part) => ({ ...part, name })),
      }));
      await expect(forged).rejects.toThrow(/no manifest that this version can read \(at "parts\.0\.name"\)/);
    },
  );
});

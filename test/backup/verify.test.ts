import { MANIFEST_NAME, partName } from '../../lambda/backup/backup-layout';
import { type Backup, openBackup } from '../../lambda/backup/open-backup';
import { type BackupPart, encodeManifest } from '../../lambda/backup/backup-manifest';
import { PartWriter } from '../../lambda/backup/part-writer';
import { readPart } from '../../lambda/backup/part-reader';
import { verifyBackup } from '../../lambda/backup/verify-backup';
import { PREFIX, TwoServers, withManifest } from './two-servers';
import { fillCodes, fillEveryType } from './filled-redis';

let servers: TwoServers;
let backup: Backup;

beforeAll(async () => {
  servers = await TwoServers.start();
});
beforeEach(async () => {
  await servers.reset();
  await fillEveryType(servers.from);
  await fillCodes(servers.from, 3_000);
  backup = await servers.backUp({ partBytes: 200_000 });
});
afterAll(() => servers.stop());

const partKey = (): string => backup.folder + partName(1);

describe('verifying a backup', () => {
  it('finds nothing wrong with a fresh one', async () => {
    expect(await verifyBackup(servers.store, backup)).toMatchObject({ keys: 3_013, problems: [] });
  });

  it('finds one flipped byte anywhere in a part, and still checks the other parts', async () => {
    const whole = Buffer.from((await servers.store.get(partKey()))!);
    for (const at of [0, 5, Math.floor(whole.length / 3), whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      await servers.store.put(partKey(), damaged);
      const report = await verifyBackup(servers.store, backup);
      expect(report.problems).toHaveLength(1);
      expect(report.problems[0]).toMatch(/^part-00001\.rdump\.zst: /);
      expect(report.parts).toBe(backup.manifest.parts.length);
    }
  });

  it('finds a part that was exchanged for another sound one', async () => {
    const other = (await servers.store.get(backup.folder + partName(2)))!;
    await servers.store.put(partKey(), other);
    expect((await verifyBackup(servers.store, backup)).problems).toEqual([
      expect.stringMatching(/the manifest says/),
    ]);
  });

  it('finds a flipped byte inside a payload although part and manifest agree', async () => {
    const name = partName(1);
    const writer = new PartWriter(servers.store, partKey(), name, {});
    // Which keys share a part differs from server to server: SCAN's order is seeded at random.
    let damaged: string | undefined;
    for await (const record of readPart(servers.store, partKey(), backup.manifest.parts[0]!)) {
      if (damaged === undefined) {
        damaged = record.key.toString();
        record.payload[1]! ^= 1;
      }
      await writer.write(record);
    }
    const part: BackupPart = await writer.close();
    const parts = [part, ...backup.manifest.parts.slice(1)];
    await servers.store.put(backup.folder + MANIFEST_NAME, encodeManifest({ ...backup.manifest, parts }));
    const forged = await openBackup(servers.store, PREFIX);
    expect((await verifyBackup(servers.store, forged)).problems).toEqual([
      `part-00001.rdump.zst: the payload of ${damaged} is damaged (CRC-64)`,
    ]);
    expect((await servers.restore(forged)).failures).toEqual([
      { key: damaged, reason: expect.stringMatching(/checksum/) },
    ]);
  });

  it('finds a missing part, one cut short, and a count that is wrong', async () => {
    await servers.store.delete(backup.folder + partName(2));
    const whole = Buffer.from((await servers.store.get(partKey()))!);
    await servers.store.put(partKey(), whole.subarray(0, whole.length - 100));
    const { problems } = await verifyBackup(servers.store, withManifest(backup, { keys: 1 }));
    expect(problems).toEqual([
      `part-00001.rdump.zst: it has ${whole.length - 100} bytes, the manifest says ${whole.length}`,
      'part-00002.rdump.zst: it is missing',
      'manifest.json: it says 1 keys, its parts hold 3013',
    ]);
  });
});

describe('opening a backup', () => {
  it('takes the newest complete run, or the one that is named', async () => {
    const second = await servers.backUp();
    await servers.store.delete(second.folder + MANIFEST_NAME);
    expect((await openBackup(servers.store, PREFIX)).run).toBe(backup.run);
    await expect(openBackup(servers.store, PREFIX, second.run)).rejects.toThrow(
      /There is no backup .* \(no manifest\.json\)/,
    );
    await expect(openBackup(servers.store, PREFIX, '../../etc')).rejects.toThrow(/no backup's name/);
  });

  it.each([
    ['not JSON', '{'],
    ['another format', '{"format": 2}'],
  ])('says when its manifest is %s', async (_what, text) => {
    await servers.store.put(backup.folder + MANIFEST_NAME, Buffer.from(text));
    await expect(openBackup(servers.store, PREFIX)).rejects.toThrow(/manifest/);
  });

  it('says that there is none', async () => {
    await expect(openBackup(servers.store, 'elsewhere/')).rejects.toThrow(
      /no complete backup below elsewhere\//,
    );
  });
});

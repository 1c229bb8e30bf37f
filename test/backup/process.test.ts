import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { listRuns } from '../../lambda/backup/listed-runs';
import { openBackup } from '../../lambda/backup/open-backup';
import { eventually } from '../support/eventually';
import { PREFIX, TwoServers } from './two-servers';
import { fillCodes } from './filled-redis';

let servers: TwoServers;

beforeAll(async () => {
  servers = await TwoServers.start();
});
beforeEach(() => servers.reset());
afterAll(() => servers.stop());

function start(
  deed: 'backup' | 'restore',
  connectionString: string,
  rate: number,
  flags: string[] = [],
): ChildProcess {
  const script = [...flags, '--import', require.resolve('tsx'), join(__dirname, 'backup-child.ts')];
  return spawn(
    process.execPath,
    [...script, deed, connectionString, `file:${servers.directory}`, String(rate)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
}

async function peakMb(child: ChildProcess): Promise<number> {
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return (JSON.parse(output) as { peakMb: number }).peakMb;
}

describe('a backup process', () => {
  it('killed in the middle leaves no backup, and the next run makes one', async () => {
    await fillCodes(servers.from, 20_000, 400);
    const child = start('backup', servers.source.connectionString, 10_000);
    await eventually(
      async () => (await listRuns(servers.store, PREFIX)).length > 0,
      'the child has stored something',
    );
    child.kill('SIGKILL');
    await once(child, 'close');
    const [killed] = await listRuns(servers.store, PREFIX);
    expect(killed).toMatchObject({ complete: false });
    await expect(openBackup(servers.store, PREFIX)).rejects.toThrow(/no complete backup/);

    const backup = await servers.backUp();
    expect(backup.manifest.keys).toBe(20_000);
    expect((await openBackup(servers.store, PREFIX)).run).toBe(backup.run);
    expect(await servers.restore(backup)).toMatchObject({ restored: 20_000 });
  });

  it('and a restore of 160 MB need no more memory than a small Lambda has', async () => {
    for (let at = 0; at < 1_600; at += 100) {
      const pipeline = servers.from.pipeline();
      // Random bytes compress in neither Redis nor zstd.
      for (let key = at; key < at + 100; key += 1) pipeline.set(`blob:${key}`, randomBytes(100_000));
      await pipeline.exec();
    }
    const flags = ['--max-old-space-size=48'];
    expect(await peakMb(start('backup', servers.source.connectionString, 0, flags))).toBeLessThan(300);
    const backup = await openBackup(servers.store, PREFIX);
    expect(backup.manifest.payloadBytes).toBeGreaterThan(160_000_000);
    expect(await peakMb(start('restore', servers.target.connectionString, 0, flags))).toBeLessThan(300);
    expect(await servers.to.dbsize()).toBe(1_600);
  });

  it('and a restore of values of 20 MB hold a few of them, not many', async () => {
    const large = 16;
    for (let at = 0; at < large; at += 1) await servers.from.set(`large:${at}`, randomBytes(20_000_000));
    expect(await peakMb(start('backup', servers.source.connectionString, 0))).toBeLessThan(300);
    expect(await peakMb(start('restore', servers.target.connectionString, 0))).toBeLessThan(300);
    expect(await servers.to.dbsize()).toBe(large);
  });
});

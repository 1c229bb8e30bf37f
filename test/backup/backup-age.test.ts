import { ageHours, newestBackup } from '../../lambda/backup/backup-age';

interface Listed {
  key: string;
  size: number;
  lastModified: Date;
}

const at = (iso: string): Date => new Date(iso);

function listing(objects: Record<string, string>): { list(prefix: string): AsyncIterable<Listed> } {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
    async *list(prefix) {
      for (const [key, time] of Object.entries(objects)) {
        if (key.startsWith(prefix)) yield { key, size: 1, lastModified: at(time) };
      }
    },
  };
}

const PREFIX = 'backups/redis/hourly/';

describe('age of the newest backup', () => {
  it('is that of the newest manifest; parts of a run without one do not count', async () => {
    const store = listing({
      [`${PREFIX}2026-11-21T00:00:00.000Z/part-00001.rdump.zst`]: '2026-11-21T00:01:00Z',
      [`${PREFIX}2026-11-21T00:00:00.000Z/manifest.json`]: '2026-11-21T00:02:00Z',
      [`${PREFIX}2026-11-21T04:00:00.000Z/part-00001.rdump.zst`]: '2026-11-21T04:01:00Z',
      [`${PREFIX}2026-11-21T04:00:00.000Z/checkpoint.json`]: '2026-11-21T04:02:00Z',
    });
    const newest = await newestBackup(store, PREFIX);
    expect(newest).toEqual({
      at: at('2026-11-21T00:02:00Z'),
      kind: 'manifest',
      key: `${PREFIX}2026-11-21T00:00:00.000Z/manifest.json`,
    });
    expect(ageHours(newest, at('2026-11-21T06:02:00Z'))).toBe(6);
  });

  it.each(['db-1-of-2.rdb.gz', 'nightly/dump.rdb'])('counts a native backup, %s, too', async (file) => {
    const store = listing({
      [`${PREFIX}2026-11-21T00:00:00.000Z/manifest.json`]: '2026-11-21T00:02:00Z',
      [`${PREFIX}${file}`]: '2026-11-21T03:00:00Z',
    });
    expect(await newestBackup(store, PREFIX)).toMatchObject({ kind: 'rdb', key: `${PREFIX}${file}` });
  });

  it("is unknown when the prefix holds none, whatever another environment's prefix holds", async () => {
    const store = listing({
      'backups/redis/daily/2026-11-21T00:00:00.000Z/manifest.json': '2026-11-21T00:02:00Z',
      [`${PREFIX}notes/manifest.json`]: '2026-11-21T00:02:00Z',
      [`${PREFIX}readme.txt`]: '2026-11-21T00:02:00Z',
    });
    expect(await newestBackup(store, PREFIX)).toBeUndefined();
    expect(ageHours(undefined, new Date())).toBeUndefined();
  });

  it('is never negative when the clocks disagree', () => {
    const newest = { at: at('2026-11-21T00:00:01Z'), kind: 'rdb', key: 'x.rdb' } as const;
    expect(ageHours(newest, at('2026-11-21T00:00:00Z'))).toBe(0);
  });
});

import type { ChildProcess } from 'node:child_process';
import { layout } from '../../lambda/catalog/layout';
import { readPointer } from '../../lambda/catalog/pointer';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { type CliRun, runCodes } from '../support/codes-cli';
import { eventually } from '../support/eventually';
import { FIRST_RELEASE, SmallCatalog } from '../support/small-catalog';
import { TcpProxy } from '../support/tcp-proxy';

let server: RedisServer;
let proxy: TcpProxy;
let catalog: SmallCatalog;

beforeAll(async () => {
  server = await startRedisServer();
});
beforeEach(async () => {
  proxy = await TcpProxy.to(server.port);
  catalog = await SmallCatalog.of(FIRST_RELEASE, 'r1');
  await catalog.build('r2', { ...FIRST_RELEASE, icd10: ['A00,Other,Another disease,true'] });
});
afterEach(async () => {
  await proxy.close();
  catalog.remove();
});
afterAll(() => server.stop());

const live = async (): Promise<string | undefined> => (await readPointer(catalog.store))?.pointer.release;

/** Runs a command of `catalog`, and sends it the signal once something holds. */
async function interrupted(
  args: readonly string[],
  signal: NodeJS.Signals,
  when: () => boolean | Promise<boolean>,
): Promise<CliRun> {
  let child: ChildProcess | undefined;
  const run = runCodes(['catalog', ...args, '--store', catalog.url], {
    env: { REDIS_CONNECTION_STRING: proxy.connectionString },
    started: (started) => (child = started),
  });
  await eventually(when, `the moment for ${signal}`);
  child?.kill(signal);
  return run;
}

const PUBLISH = ['publish', '--release', 'r2'];

describe('catalog commands that are ended by hand', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s before the switch changes nothing', async (signal) => {
    proxy.latency = 250;
    const run = await interrupted(PUBLISH, signal, () => proxy.connections > 0);
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`Ended by ${signal}: nothing was changed.`),
    });
    expect(await live()).toBe('r1');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s after the switch says what is left to do, and publishing again does it',
    async (signal) => {
      proxy.latency = 250;
      const run = await interrupted(PUBLISH, signal, async () => (await live()) === 'r2');
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain('release r2 is live, but the cache was not told completely');
      expect(run.stderr).toContain('Run "catalog publish --release r2" again');
      expect((await readPointer(catalog.store))?.pointer.told).toEqual({});
      proxy.latency = 0;
      const again = await runCodes(['catalog', ...PUBLISH, '--store', catalog.url], {
        env: { REDIS_CONNECTION_STRING: proxy.connectionString },
      });
      expect(again.exitCode).toBe(0);
      const pointer = (await readPointer(catalog.store))?.pointer;
      expect(Object.values(pointer?.told ?? {})).toHaveLength(1);
    },
  );

  it('a build leaves nothing that anybody sees, and can be run again', async () => {
    const categories = Array.from({ length: 2_000 }, (_, at) => {
      const category = `${'ABCDEFGHIJKLMNOPQRST'[Math.floor(at / 100)]}${String(at % 100).padStart(2, '0')}`;
      return `${category},Disease,Disease ${at},true`;
    });
    const file = catalog.file('many.csv', ['code,short,long,billable', ...categories, ''].join('\n'));
    const build = ['build', '--release', 'r3', '--icd10', file];
    const begun = async (): Promise<boolean> => {
      for await (const _ of catalog.store.list(layout.release('r3'))) return true;
      return false;
    };
    const run = await interrupted(build, 'SIGINT', begun);
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('the same command builds it again'),
    });
    expect(await catalog.store.get(layout.manifest('r3'))).toBeUndefined();
    expect((await runCodes(['catalog', ...build, '--store', catalog.url])).exitCode).toBe(0);
    expect(await catalog.store.get(layout.manifest('r3'))).toBeDefined();
  });
});

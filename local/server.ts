import { join, relative } from 'node:path';
import { EXIT } from '../cli/terminal/failure';
import { serveLog } from '../lambda/api/request-log';
import { layout } from '../lambda/catalog/layout';
import { FileStore } from '../lambda/store/file-store';
import { openStore } from '../lambda/store/open-store';
import { openLookupService } from '../lambda/lookup/open';
import { parseConnectionString } from '../lambda/redis/connection-string';
import { constantSource } from '../lambda/redis/source';
import { noMetrics } from '../lambda/telemetry/emit';
import { LookupCounters } from '../lambda/telemetry/lookup';
import { localApi } from './api';
import { listen } from './listen';
import { terminalLog } from './log';
import { findRedisServer, startRedisServer } from './redis-server';
import { BadSetting, type LocalSettings, readLocalSettings } from './settings';
import { TokenCheck } from './tokens';

/** Something the server started or found: what it says about itself, and how it ends. */
interface Started<T> {
  readonly value: T;
  readonly about: string;
  stop(): Promise<void>;
}

/** Where the first start builds the sample. */
const SAMPLE_FOLDER = join(__dirname, '..', '.cache', 'sample-catalog');

const nothing = (): Promise<void> => Promise.resolve();

async function catalog(settings: LocalSettings): Promise<{ url: string; about: string }> {
  if (settings.store !== undefined) return { url: settings.store, about: settings.store };
  const { ensureSampleCatalog } = await import('./sample-catalog');
  const { url } = await ensureSampleCatalog(SAMPLE_FOLDER);
  return { url, about: `sample codes in ${relative(process.cwd(), SAMPLE_FOLDER)}` };
}

async function redis(settings: LocalSettings): Promise<Started<string | undefined>> {
  if (settings.redis !== undefined) {
    const { host, port } = parseConnectionString(settings.redis);
    return { value: settings.redis, about: `${host}:${port}`, stop: nothing };
  }
  if (findRedisServer() === undefined) {
    const about = 'none installed, so each process caches for itself (npm run setup installs one)';
    return { value: undefined, about, stop: nothing };
  }
  const server = await startRedisServer();
  const about = `127.0.0.1:${server.port}, private to this server`;
  return { value: server.connectionString, about, stop: () => server.stop() };
}

async function releaseOf(store: ReturnType<typeof openStore>): Promise<string> {
  const { CatalogReader } = await import('../lambda/catalog/read/catalog-reader');
  try {
    return `release ${(await new CatalogReader(store).pointer()).release}`;
  } catch (error) {
    return `not readable yet: ${error instanceof Error ? error.message : 'unknown reason'}`;
  }
}

async function start(settings: LocalSettings): Promise<() => Promise<void>> {
  const [source, cache] = await Promise.all([catalog(settings), redis(settings)]);
  try {
    const store = openStore(source.url);
    const telemetry = new LookupCounters(noMetrics);
    const service = openLookupService({
      store,
      redis: cache.value === undefined ? undefined : constantSource(cache.value),
      telemetry,
      log: terminalLog,
      countUses: settings.countUses,
    });
    const { jwt } = settings;
    const tokens = jwt === undefined ? undefined : new TokenCheck(jwt);
    const handle = localApi(
      { lookups: service.lookups, health: () => service.health(), served: serveLog(terminalLog, telemetry) },
      (headers) => tokens?.identity(headers) ?? { kind: 'open' },
    );
    // Whoever publishes to a directory may not know of this server's private Redis.
    const unwatch =
      store instanceof FileStore
        ? store.watch(layout.pointer, () => void service.lookForRelease())
        : () => undefined;
    const listening = await listen(settings.port, handle);
    console.log(`catalog  ${source.about}, ${await releaseOf(store)}`);
    console.log(`redis    ${cache.about}`);
    console.log(`auth     ${jwt === undefined ? 'none' : `tokens of ${jwt.issuer}`}`);
    console.log(`listening on http://127.0.0.1:${listening.port}`);
    return async () => {
      await listening.stop();
      unwatch();
      await service.close();
      await cache.stop();
    };
  } catch (error) {
    await cache.stop();
    throw error;
  }
}

async function main(): Promise<void> {
  const stop = await start(readLocalSettings(process.env));
  let stopping: Promise<void> | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopping ??= stop();
    });
  }
}

main().catch((error: unknown) => {
  const expected = error instanceof BadSetting;
  const message = error instanceof Error ? error.message : String(error);
  console.error(expected ? message : `cannot start: ${message}`);
  process.exitCode = expected ? EXIT.refused : EXIT.failed;
});

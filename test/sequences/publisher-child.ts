/**
 * A publisher as a process of its own, which dawdles before each step:
 * `publisher-child.ts <store URL> <release> <connection string> <milliseconds> <milliseconds> <milliseconds>`.
 * Prints `begun` when it has loaded. Exits with 0 after a publish in full, with 2 when it was overtaken, else with 1.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Invalidation } from '../../lambda/cache/invalidate';
import { CatalogConflict } from '../../lambda/catalog/conflict';
import { publishRelease } from '../../lambda/catalog/publish/publish-release';
import { cacheId } from '../../lambda/redis/cache-id';
import { parseConnectionString } from '../../lambda/redis/connection-string';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { openStore } from '../../lambda/store/open-store';
import { STEADY_TIMEOUTS } from './steady-timeouts';

/** Waits a while before it announces, removes and finishes. */
class DawdlingInvalidation extends Invalidation {
  constructor(
    connection: RedisConnection,
    id: string,
    private readonly pauses: readonly number[],
  ) {
    super(connection, id, { opsPerSecond: 0 });
  }

  override async announce(
    ...args: Parameters<Invalidation['announce']>
  ): ReturnType<Invalidation['announce']> {
    await sleep(this.pauses[0]);
    return super.announce(...args);
  }
  override async remove(...args: Parameters<Invalidation['remove']>): ReturnType<Invalidation['remove']> {
    await sleep(this.pauses[1]);
    return super.remove(...args);
  }
  override async finish(...args: Parameters<Invalidation['finish']>): ReturnType<Invalidation['finish']> {
    await sleep(this.pauses[2]);
    return super.finish(...args);
  }
}

async function main(): Promise<void> {
  const [url = '', release = '', redis = '', ...pauses] = process.argv.slice(2);
  const connection = new RedisConnection(constantSource(redis), { timeouts: STEADY_TIMEOUTS });
  const id = cacheId(parseConnectionString(redis));
  process.stdout.write('begun\n');
  await publishRelease(openStore(url), release, {
    now: () => new Date(),
    cache: new DawdlingInvalidation(connection, id, pauses.map(Number)),
  });
}

// The parent's end is the publisher's too.
process.stdin.resume().on('end', () => process.exit(3));
main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
    process.exit(error instanceof CatalogConflict ? 2 : 1);
  },
);

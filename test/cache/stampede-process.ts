/** One of several processes that ask for one key at once; started by stampede.test.ts. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { CacheAside } from '../../lambda/cache/cache-aside';
import { TTL } from '../../lambda/names/ttl';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { PATIENT_TIMEOUTS } from '../support/patience';

const KEY = 'icd10:Z00.00';

async function main(connectionString: string, readers: number): Promise<void> {
  const counter = new Redis(connectionString);
  const connection = new RedisConnection(constantSource(connectionString), { timeouts: PATIENT_TIMEOUTS });
  const cache = new CacheAside({
    redis: connection,
    catalog: { liveRelease: () => Promise.resolve({ release: 'r1', stamp: 1, recent: [1], editions: {} }) },
  });
  // Connected and compiled, as a warm function is.
  await cache.lookForRelease();
  await counter.ping();
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  const load = async (): Promise<string> => {
    await counter.incr('test:loads');
    await sleep(30);
    return 'the value';
  };
  const answers = await Promise.all(
    Array.from({ length: readers }, () => cache.get({ key: KEY, ttl: TTL.code, load })),
  );
  const right = answers.filter(({ value }) => value === 'the value').length;
  process.stdout.write(`answered ${right}\n`);
  connection.close();
  counter.disconnect();
  process.stdin.destroy();
}

void main(process.argv[2] ?? '', Number(process.argv[3]));

import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { lagFromInfo } from '../../lambda/monitor/figures';
import { parseInfo } from '../../lambda/redis/info';
import { measureReplicaLag } from '../../lambda/monitor/replica-lag';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually } from '../support/eventually';

const KEY = 'monitor:beat';

describe('the lag of a replica', () => {
  let primary: RedisServer;
  let replica: RedisServer;
  let writer: Redis;
  let reader: Redis;
  let time = Date.now();

  beforeAll(async () => {
    primary = await startRedisServer();
    replica = await startRedisServer({ args: ['--replicaof', '127.0.0.1', String(primary.port)] });
    writer = new Redis(primary.connectionString, { maxRetriesPerRequest: 0 });
    reader = new Redis(replica.connectionString);
    for (const client of [writer, reader]) client.on('error', () => undefined);
    await eventually(async () => parseInfo(await reader.info()).linkUp === true, 'the replica is linked');
  });
  afterAll(async () => {
    writer.disconnect();
    await reader.quit();
    await replica.stop();
    await primary.stop();
  });

  const host = () => ({
    beat: async (at: number) => {
      await writer.set(KEY, at, 'EX', 3600);
    },
    seen: async () => {
      const value = await reader.get(KEY);
      return value === null ? undefined : Number(value);
    },
    // Only pauses pass time: a beat's way is as long as they are many.
    now: () => time,
    sleep: async () => {
      time += 1;
      await sleep(5);
    },
  });

  it('is the time a beat takes to arrive', async () => {
    const lag = await measureReplicaLag(host());
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(lag).toBeLessThan(2);
  });

  it('shows in the primary’s own INFO too', async () => {
    let lag: number | undefined;
    await eventually(async () => {
      lag = lagFromInfo(parseInfo(await writer.info()));
      return lag !== undefined;
    }, 'a lag in INFO');
    expect(lag).toBeGreaterThanOrEqual(0);
  });

  it('grows from the last beat once the primary is gone', async () => {
    const beat = time;
    await measureReplicaLag(host());
    await primary.stop();
    const later = { ...host(), now: () => beat + 90_000 };
    expect(await measureReplicaLag(later)).toBeGreaterThan(80);
  });

  it('is unknown when the replica never saw a beat', async () => {
    expect(
      await measureReplicaLag({
        ...host(),
        seen: () => Promise.resolve(undefined),
        now: () => 1 + time * 9,
      }),
    ).toBeUndefined();
  });
});

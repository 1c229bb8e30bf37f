import { setTimeout as sleep } from 'node:timers/promises';
import { RedisConnection } from '../../lambda/redis/connection';
import { secretSource } from '../../lambda/redis/secret';
import { FakeSecret } from './fake-secrets';
import { Faults } from './faults';
import { hostOf, redisCloud, rotateWhole, selfManaged } from './harness';

const READERS = 6;

describe.each([
  ['acl', selfManaged],
  ['redis-cloud', redisCloud],
])('a rotation by %s under load', (_kind, start) => {
  it('fails no lookup: of processes long connected, cut off meanwhile, or just started', async () => {
    const redis = await start();
    const secret = new FakeSecret(redis.firstSecret);
    await redis.admin.set('icd10:Z00.00', 'record');
    let running = true;
    let reads = 0;
    const failures: unknown[] = [];
    const read = async (connection: RedisConnection): Promise<void> => {
      try {
        const value = await connection.run((client) => client.get('icd10:Z00.00'));
        if (value !== 'record') failures.push(value);
      } catch (error) {
        failures.push(error);
      }
      reads += 1;
    };
    const warm = async (): Promise<void> => {
      const connection = new RedisConnection(secretSource('arn', secret));
      while (running) {
        await read(connection);
        await sleep(2);
      }
      connection.close();
    };
    const cold = async (): Promise<void> => {
      while (running) {
        const connection = new RedisConnection(secretSource('arn', secret));
        await read(connection);
        connection.close();
      }
    };
    const cutting = async (): Promise<void> => {
      while (running) {
        await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        await sleep(150);
      }
    };
    const load = [...Array.from({ length: READERS }, warm), cold(), cutting()];
    // The grace lasts only as long here as a cold start on a busy machine.
    const host = hostOf(redis, secret, new Faults(), async () => {
      await sleep(1_000);
    });
    for (let round = 0; round < 1; round += 1) {
      await rotateWhole(host, secret);
      await sleep(200);
    }
    running = false;
    await Promise.all(load);
    await redis.stop();
    expect(reads).toBeGreaterThan(500);
    expect(failures).toEqual([]);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { RedisConnection } from '../../lambda/redis/connection';
import { secretSource } from '../../lambda/redis/secret';
import { eventually } from '../support/eventually';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { FakeSecret } from './fake-secrets';
import { Faults } from './faults';
import { hostOf, redisCloud, rotateWhole, selfManaged } from './harness';

const READERS = 6;

/**
 * ioredis keeps a command that was cut off for its next connection, and forgets it when a rotation replaces the client
 * before: the command's own limit then ends it, and the connection tries it again.
 */
const LIMITS = { ...PATIENT_TIMEOUTS, command: 5_000 };

describe.each([
  ['acl', selfManaged],
  ['redis-cloud', redisCloud],
])('a rotation by %s under load', (_kind, start) => {
  it('fails no lookup: of processes long connected, cut off meanwhile, or just started', async () => {
    const redis = await start();
    const secret = new FakeSecret(redis.firstSecret);
    await redis.admin.set('icd10:Z00.00', 'record');
    let running = true;
    /** Reads so far, one count per reader; the last one connects anew for each. */
    const reads: number[] = [];
    const failures: unknown[] = [];
    const connect = (): RedisConnection =>
      new RedisConnection(secretSource('arn', secret), { timeouts: LIMITS });
    const read = async (connection: RedisConnection, reader: number): Promise<void> => {
      try {
        const value = await connection.run((client) => client.get('icd10:Z00.00'));
        if (value !== 'record') failures.push(value);
      } catch (error) {
        failures.push(error);
      }
      reads[reader]! += 1;
    };
    const warm = async (reader: number): Promise<void> => {
      const connection = connect();
      while (running) {
        await read(connection, reader);
        await sleep(2);
      }
      connection.close();
    };
    const cold = async (reader: number): Promise<void> => {
      while (running) {
        const connection = connect();
        await read(connection, reader);
        connection.close();
      }
    };
    /** Everybody has read, from the beginning to the end, since this was asked. */
    const allHaveRead = async (): Promise<void> => {
      const before = [...reads];
      await eventually(
        () => !running || before.every((count, reader) => reads[reader]! >= count + 2),
        'all have read',
      );
    };
    let cuts = 0;
    const cutting = async (): Promise<void> => {
      while (running) {
        await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        cuts += 1;
        // A read is tried again once: nobody is cut off twice in the same one.
        await allHaveRead();
      }
    };
    const readers = [...Array.from({ length: READERS }, () => warm), cold];
    readers.forEach(() => reads.push(0));
    const load = readers.map((work, reader) => work(reader));
    await allHaveRead();
    load.push(cutting());
    // The grace is for whoever read the secret before it changed.
    const host = hostOf(redis, secret, new Faults(), allHaveRead);
    await rotateWhole(host, secret);
    await allHaveRead();
    running = false;
    await Promise.all(load);
    await redis.stop();
    expect(cuts).toBeGreaterThan(1);
    expect(failures).toEqual([]);
  });
});

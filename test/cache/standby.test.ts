import { Redis } from 'ioredis';
import { keys } from '../../lambda/names/keys';
import { RedisConnection } from '../../lambda/redis/connection';
import { replicaSource } from '../../lambda/redis/servers';
import { constantSource } from '../../lambda/redis/source';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { eventually, FakeCatalog, Process } from './support';

describe('with a replica in the connection string', () => {
  let primary: RedisServer;
  let replica: RedisServer;
  const standbys: RedisConnection[] = [];
  const processes: Process[] = [];

  /** A process of its own, whose memory holds nothing yet. */
  const start = (catalog: FakeCatalog): Process => {
    const connectionString = `${primary.connectionString}?replica=127.0.0.1:${replica.port}`;
    const standby = new RedisConnection(replicaSource(constantSource(connectionString)), {
      timeouts: PATIENT_TIMEOUTS,
    });
    standbys.push(standby);
    const process = new Process(connectionString, catalog, { replica: standby });
    processes.push(process);
    return process;
  };

  const replicated = (key: string): Promise<void> =>
    eventually(async () => {
      const client = new Redis(replica.connectionString);
      try {
        return (await client.exists(key, keys.release)) === 2;
      } finally {
        client.disconnect();
      }
    }, `${key} reaches the replica`);

  beforeEach(async () => {
    primary = await startRedisServer({ port: await freePort(), args: ['--repl-diskless-sync-delay', '0'] });
    replica = await startRedisServer({ args: ['--replicaof', '127.0.0.1', String(primary.port)] });
  });
  afterEach(async () => {
    for (const each of processes.splice(0)) each.close();
    for (const each of standbys.splice(0)) each.close();
    await replica.stop();
    await primary.stop();
  });

  it('reads fail over while the primary is gone, and return by themselves', async () => {
    const catalog = new FakeCatalog();
    await start(catalog).cache.get(catalog.entry('icd10:A00'));
    await replicated('icd10:A00');
    await primary.stop();

    const process = start(catalog);
    expect(await process.cache.get(catalog.entry('icd10:A00'))).toMatchObject({
      outcome: 'redis',
      release: 'r1',
    });
    const many = await process.cache.getMany(
      [catalog.entry('icd10:A00'), catalog.entry('icd10:B00')],
      catalog.loadMany,
    );
    expect(many.map(({ value }) => value?.name)).toEqual(['icd10:A00', 'icd10:B00']);
    // What the replica does not hold comes from the catalog.
    expect(catalog.loads).toBe(2);

    primary = await startRedisServer({ port: primary.port });
    const client = new Redis(primary.connectionString);
    let next = 0;
    await eventually(async () => {
      next += 1;
      const key = `icd10:C${next}`;
      await process.cache.get(catalog.entry(key));
      return (await client.exists(key)) === 1;
    }, 'a lookup fills the primary again');
    client.disconnect();
  });

  it('goes on when the primary has been gone for so long that the release has lapsed', async () => {
    const catalog = new FakeCatalog();
    const process = start(catalog);
    await process.cache.get(catalog.entry('icd10:B00'));
    await start(catalog).cache.get(catalog.entry('icd10:A00'));
    await replicated('icd10:A00');
    const client = new Redis(primary.connectionString);
    await client.del(keys.release);
    client.disconnect();
    const copy = new Redis(replica.connectionString);
    await eventually(async () => (await copy.exists(keys.release)) === 0, 'the release has lapsed');
    copy.disconnect();
    await primary.stop();
    expect((await process.cache.get(catalog.entry('icd10:A00'))).outcome).toBe('redis');
    // A process that never spoke to the primary cannot know what the replica holds.
    expect((await start(catalog).cache.get(catalog.entry('icd10:A00'))).outcome).toBe('bypass');
  });

  it('a replica that has not heard of the live release is not asked for values', async () => {
    const catalog = new FakeCatalog();
    await start(catalog).cache.get(catalog.entry('icd10:A00'));
    await replicated('icd10:A00');
    await primary.stop();
    catalog.live = 'r2';
    const { value, outcome } = await start(catalog).cache.get(catalog.entry('icd10:A00'));
    expect({ release: value?.release, outcome }).toEqual({ release: 'r2', outcome: 'bypass' });
  });

  it('with both gone the catalog answers', async () => {
    const catalog = new FakeCatalog();
    await primary.stop();
    await replica.stop();
    expect((await start(catalog).cache.get(catalog.entry('icd10:A00'))).outcome).toBe('bypass');
  });
});

import { Redis } from 'ioredis';
import { Invalidation } from '../../lambda/cache/invalidate';
import { keys } from '../../lambda/names/keys';
import { RedisConnection } from '../../lambda/redis/connection';
import { replicaSource } from '../../lambda/redis/servers';
import { constantSource } from '../../lambda/redis/source';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { TcpProxy } from '../support/tcp-proxy';
import { eventually, FakeCatalog, HandClock, Process } from './support';

let kept: Buffer | undefined;

/** Waits until a replica has all that its primary has written so far. */
async function caughtUp(primary: RedisServer, copy: Redis): Promise<void> {
  const client = new Redis(primary.connectionString);
  const mark = `test:${Math.random()}`;
  await client.set(mark, '1', 'PX', 60_000);
  client.disconnect();
  await eventually(async () => (await copy.exists(mark)) === 1, 'the replica caught up');
}

describe('with a replica in the connection string', () => {
  let primary: RedisServer;
  let replica: RedisServer;
  const standbys: RedisConnection[] = [];
  const processes: Process[] = [];
  const fronts: TcpProxy[] = [];

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
    for (const each of fronts.splice(0)) await each.close();
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
    // The value says itself which release it was loaded under.
    expect((await start(catalog).cache.get(catalog.entry('icd10:A00'))).outcome).toBe('redis');
  });

  it('a replica that has not heard of the live release is not believed', async () => {
    const catalog = new FakeCatalog();
    await start(catalog).cache.get(catalog.entry('icd10:A00'));
    await replicated('icd10:A00');
    await primary.stop();
    catalog.live = 'r2';
    const { value, outcome } = await start(catalog).cache.get(catalog.entry('icd10:A00'));
    expect({ release: value?.release, outcome }).toEqual({ release: 'r2', outcome: 'bypass' });
  });

  it.each([
    ['before the announcement', 0],
    ['after the announcement', 1],
    ['before the end of the removal', 2],
  ])(
    'a replica that was cut off %s of a publish gives no former value, for however long',
    async (_when, steps) => {
      const catalog = new FakeCatalog();
      const process = start(catalog);
      await process.cache.get(catalog.entry('icd10:A00'));
      await replicated('icd10:A00');
      catalog.live = 'r2';
      const { pointer } = catalog;
      const publisher = new RedisConnection(constantSource(primary.connectionString), {
        timeouts: PATIENT_TIMEOUTS,
      });
      const invalidation = new Invalidation(publisher, 'test', { clock: new HandClock(Date.now()) });
      const stillLive = catalog.stillLive(pointer.stamp);
      const work = [
        () => invalidation.announce(pointer, stillLive),
        () => invalidation.remove(['icd10:A00']),
        () => invalidation.finish(pointer, stillLive),
      ];
      const copy = new Redis(replica.connectionString);
      for (const [step, go] of work.entries()) {
        if (step === steps) {
          await caughtUp(primary, copy);
          await copy.replicaof('NO', 'ONE');
          // A removal that never arrived.
          if (steps === 2) await copy.restore('icd10:A00', 0, kept!, 'REPLACE');
        }
        if (step === 1) kept = await copy.dumpBuffer('icd10:A00');
        await go();
      }
      copy.disconnect();
      publisher.close();
      await process.cache.lookForRelease();
      await primary.stop();
      for (const reader of [process, start(catalog)]) {
        expect(await reader.cache.get(catalog.entry('icd10:A00'))).toMatchObject({
          value: { release: 'r2' },
          release: 'r2',
        });
      }
    },
  );

  it('a replica that has heard all of a publish is believed for what did not change', async () => {
    const catalog = new FakeCatalog();
    const process = start(catalog);
    await process.cache.get(catalog.entry('icd10:A00'));
    catalog.live = 'r2';
    const { pointer } = catalog;
    const publisher = new RedisConnection(constantSource(primary.connectionString), {
      timeouts: PATIENT_TIMEOUTS,
    });
    const invalidation = new Invalidation(publisher, 'test', { clock: new HandClock(Date.now()) });
    await invalidation.announce(pointer, catalog.stillLive(pointer.stamp));
    await invalidation.finish(pointer, catalog.stillLive(pointer.stamp));
    publisher.close();
    const copy = new Redis(replica.connectionString);
    await caughtUp(primary, copy);
    copy.disconnect();
    await primary.stop();
    expect(await start(catalog).cache.get(catalog.entry('icd10:A00'))).toMatchObject({
      value: { release: 'r1' },
      outcome: 'redis',
      release: 'r2',
    });
  });

  it('a replica that missed a publish is not believed in the place of its primary, not even by who has just looked', async () => {
    const catalog = new FakeCatalog();
    const front = await TcpProxy.to(primary.port);
    fronts.push(front);
    const reader = new Process(front.connectionString, catalog, { clock: new HandClock(Date.now()) });
    processes.push(reader);
    const entries = ['icd10:A00', 'icd10:B00'].map((key) => catalog.entry(key));
    const other = start(catalog);
    for (const entry of entries) await other.cache.get(entry);
    await replicated('icd10:B00');
    const copy = new Redis(replica.connectionString);
    await copy.replicaof('NO', 'ONE');
    copy.disconnect();

    catalog.live = 'r2';
    const { pointer } = catalog;
    const publisher = new RedisConnection(constantSource(primary.connectionString), {
      timeouts: PATIENT_TIMEOUTS,
    });
    const invalidation = new Invalidation(publisher, 'test', { clock: new HandClock(Date.now()) });
    await invalidation.announce(pointer, catalog.stillLive(pointer.stamp));
    await invalidation.remove(entries.map(({ key }) => key));
    await invalidation.finish(pointer, catalog.stillLive(pointer.stamp));
    publisher.close();
    // It looks once, and its clock stands still from then on.
    await reader.cache.get(catalog.entry('icd10:C00'));

    front.target = replica.port;
    front.resetConnections();
    const [one, ...rest] = entries;
    const answers = [await reader.cache.get(one!), ...(await reader.cache.getMany(rest, catalog.loadMany))];
    // Of either release, as it names it: the replica may say for a minute that the former one is live.
    expect(answers.map(({ value }) => value?.release)).toEqual(answers.map(({ release }) => release));
  });

  it('with both gone the catalog answers', async () => {
    const catalog = new FakeCatalog();
    await primary.stop();
    await replica.stop();
    expect((await start(catalog).cache.get(catalog.entry('icd10:A00'))).outcome).toBe('bypass');
  });
});

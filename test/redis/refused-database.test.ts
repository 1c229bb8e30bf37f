import { Redis } from 'ioredis';
import { pingRedis } from '../../bin/deploy/redis-ping';
import { openOperatorRedis } from '../../cli/operator-redis';
import { openLookupService } from '../../lambda/lookup/open';
import { systemClock } from '../../lambda/names/clock';
import { BulkSession } from '../../lambda/redis/bulk-session';
import { RedisConnection } from '../../lambda/redis/connection';
import { parseConnectionString } from '../../lambda/redis/connection-string';
import { RedisUnavailable } from '../../lambda/redis/failures';
import { constantSource } from '../../lambda/redis/source';
import { redisLogin } from '../../lambda/rotation/redis-login';
import { noMetrics } from '../../lambda/telemetry/emit';
import { silentLog } from '../../lambda/telemetry/logger';
import { LookupCounters } from '../../lambda/telemetry/lookup';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { runCodes } from '../support/codes-cli';
import { SmallCatalog } from '../support/small-catalog';
import { PATIENT_TIMEOUTS } from '../support/patience';

let server: RedisServer;
let admin: Redis;
let inZero: string[];

beforeAll(async () => {
  server = await startRedisServer();
  admin = new Redis(server.connectionString);
  // 16 databases, and a user who may do everything in the one that he starts in.
  await admin.call('ACL', 'SETUSER', 'keeper', 'on', '>pw', '~*', '&*', '+@all', '-select');
  await admin.set('stranger', 'theirs');
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

const REFUSED: readonly (readonly [what: string, string: () => string])[] = [
  ['a database beyond the server’s 16', () => `${server.connectionString}/99`],
  ['one that the user may not SELECT', () => `redis://keeper:pw@127.0.0.1:${server.port}/1`],
];

describe.each(REFUSED)('%s', (_, connectionString) => {
  beforeEach(async () => (inZero = await admin.keys('*')));
  afterEach(async () => expect(await admin.keys('*')).toEqual(inZero));

  const refusal = { failure: 'database', message: expect.stringMatching(/leave the number out/) };

  it('is refused to lookups and health, again and again, and nothing is written to database 0', async () => {
    const failures: string[] = [];
    const connection = new RedisConnection(constantSource(connectionString()), {
      connectionError: (failure) => failures.push(failure),
      timeouts: PATIENT_TIMEOUTS,
    });
    try {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const failed = connection.run((client) => Promise.all([client.set('mine', '1'), client.ping()]));
        await expect(failed).rejects.toMatchObject(refusal);
      }
      expect(new Set(failures)).toEqual(new Set(['database']));
    } finally {
      connection.close();
    }
  });

  it('leaves lookups to the catalog, and health says degraded', async () => {
    const catalog = await SmallCatalog.of();
    const service = openLookupService({
      store: catalog.store,
      redis: constantSource(connectionString()),
      telemetry: new LookupCounters(noMetrics),
      log: silentLog,
      countUses: true,
      timeouts: PATIENT_TIMEOUTS,
    });
    try {
      const { outcome, value } = await service.lookups.record({ type: 'icd10', code: 'Z00.00' });
      expect([outcome, value.code]).toEqual(['bypass', 'Z00.00']);
      expect(await service.health()).toBe('degraded');
    } finally {
      await service.close();
      catalog.remove();
    }
  });

  it('is refused to backups, restores and migrations at once', async () => {
    const retries: string[] = [];
    const session = new BulkSession({
      source: constantSource(connectionString()),
      clock: systemClock,
      onRetry: (reason) => retries.push(reason),
    });
    await expect(session.exchange([['SET', 'mine', '1']])).rejects.toMatchObject(refusal);
    session.close();
    expect(retries).toEqual([]);
  });

  it('is refused to doctor and report, to the deployment’s PING, and to a rotation', async () => {
    await expect(openOperatorRedis(connectionString())).rejects.toMatchObject(refusal);
    expect(await pingRedis(parseConnectionString(connectionString()))).toMatchObject({
      ok: false,
      failure: 'database',
    });
    const login = redisLogin({ sleep: () => Promise.resolve(), forgetful: () => undefined });
    await expect(login.logsIn(connectionString())).rejects.toThrow(RedisUnavailable);
  });

  it('ends a command of the CLI in one line', async () => {
    const run = await runCodes(['inspect', 'stranger'], {
      env: { REDIS_CONNECTION_STRING: connectionString() },
    });
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toMatch(/^error: Redis is unavailable \(database\): [^\n]+\n$/);
  });
});

it('a user without SELECT works where the string names no database', async () => {
  const connection = new RedisConnection(constantSource(`redis://keeper:pw@127.0.0.1:${server.port}`), {
    timeouts: PATIENT_TIMEOUTS,
  });
  try {
    expect(await connection.run((client) => client.get('stranger'))).toBe('theirs');
  } finally {
    connection.close();
  }
});

it('a database that is allowed after all is used without a new start', async () => {
  const text = `redis://keeper:pw@127.0.0.1:${server.port}/2`;
  const connection = new RedisConnection(constantSource(text), { timeouts: PATIENT_TIMEOUTS });
  try {
    await expect(connection.run((client) => client.set('mine', '1'))).rejects.toThrow(RedisUnavailable);
    await admin.call('ACL', 'SETUSER', 'keeper', '+select');
    let done = false;
    while (!done) {
      done = await connection
        .run((client) => client.set('mine', '1'))
        .then(
          () => true,
          () => false,
        );
    }
    expect(await admin.exists('mine')).toBe(0);
  } finally {
    connection.close();
    await admin.call('ACL', 'SETUSER', 'keeper', '-select');
  }
});

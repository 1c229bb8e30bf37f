import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { CheckResult } from '../../cli/doctor/check';
import { examine } from '../../cli/doctor/examine';
import type { Patient } from '../../cli/doctor/patient';
import { render } from '../../cli/doctor/examination-text';
import { encodeFrame } from '../../lambda/cache/frames';
import { keys } from '../../lambda/names/keys';
import type { ObjectStore } from '../../lambda/store/object-store';
import { FIRST_RELEASE, SmallCatalog } from '../support/small-catalog';
import { runCodes } from '../support/codes-cli';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';

const PASSWORD = 'canary-password';

function byId(results: readonly CheckResult[]): Record<string, CheckResult> {
  return Object.fromEntries(results.map((result) => [result.id, result]));
}

describe('the doctor', () => {
  let fixture: SmallCatalog;
  let server: RedisServer;
  let admin: Redis;

  beforeAll(async () => {
    fixture = await SmallCatalog.of();
    server = await startRedisServer({ password: PASSWORD });
    admin = new Redis(server.connectionString);
  });
  afterAll(async () => {
    await admin.quit();
    await server.stop();
    fixture.remove();
  });

  const patient = (more: Partial<Patient> = {}): Patient => ({
    environment: undefined,
    configurationProblem: undefined,
    plan: { memoryMb: 30, connections: 30, opsPerSecond: 100 },
    backup: { prefix: 'backups/redis/dev/', maxAgeHours: undefined },
    connectionString: () => Promise.resolve(server.connectionString),
    store: () => Promise.resolve(fixture.store),
    secretAge: undefined,
    now: () => new Date(),
    random: Math.random,
    ...more,
  });
  const check = async (id: string, more: Partial<Patient> = {}): Promise<CheckResult> =>
    byId(await examine(patient(more)))[id]!;

  it('finds nothing broken in a sound service', async () => {
    const checks = byId(await examine(patient()));
    expect(Object.values(checks).filter(({ status }) => status === 'fail')).toEqual([]);
    for (const id of ['connection', 'authentication', 'clock', 'settings', 'memory', 'catalog']) {
      expect([id, checks[id]?.status]).toEqual([id, 'pass']);
    }
    expect(checks['catalog-sample']?.detail).toMatch(/objects read back and equal/);
    // Debian's server has no modules, which is worth a remark and no more.
    expect(checks.modules).toMatchObject({ status: 'warn' });
  });

  it('never shows the password', async () => {
    expect(JSON.stringify(await examine(patient()))).not.toContain(PASSWORD);
    expect(render(await examine(patient()))).not.toContain(PASSWORD);
  });

  it('tells a refused login from an unreachable server, and skips what stands on it', async () => {
    const wrong = server.connectionString.replace(PASSWORD, 'wrong');
    const refused = byId(await examine(patient({ connectionString: () => Promise.resolve(wrong) })));
    expect(refused.connection?.status).toBe('pass');
    expect(refused.authentication).toMatchObject({ status: 'fail', detail: 'refused' });
    expect(refused.memory).toMatchObject({ status: 'skipped', detail: 'needs "Authentication"' });
    expect(refused.catalog?.status).toBe('pass');

    const nowhere = `redis://127.0.0.1:${await freePort()}`;
    const unreachable = byId(await examine(patient({ connectionString: () => Promise.resolve(nowhere) })));
    expect(unreachable.connection?.status).toBe('fail');
    expect(unreachable.authentication?.status).toBe('skipped');
  });

  it('survives everything missing at once', async () => {
    const gone = () => Promise.reject(new Error('gone'));
    const results = await examine(
      patient({
        environment: 'prod',
        connectionString: gone,
        store: gone,
        secretAge: gone,
        configurationProblem: 'bad',
      }),
    );
    expect(results).toHaveLength(17);
    expect(results.filter(({ status }) => status === 'pass' || status === 'warn')).toEqual([]);
    for (const { status, remedy } of results) if (status === 'fail') expect(remedy).toBeTruthy();
  });

  it('asks for TLS and a password where patients’ data depends on them', async () => {
    const open = await startRedisServer();
    const at = (environment: Patient['environment']) => ({
      environment,
      connectionString: () => Promise.resolve(open.connectionString),
    });
    expect(await check('tls', at('staging'))).toMatchObject({ status: 'fail', detail: 'off' });
    expect(await check('authentication', at('prod'))).toMatchObject({ status: 'fail' });
    expect(await check('authentication', at(undefined))).toMatchObject({ status: 'warn' });
    await open.stop();
  });

  it('refuses a connection string that is none, without repeating it', async () => {
    const connectionString = () => Promise.resolve(`http://user:${PASSWORD}@host`);
    const result = await check('connection-string', { connectionString });
    expect(result).toMatchObject({ status: 'fail' });
    expect(JSON.stringify(result)).not.toContain(PASSWORD);
  });

  it('measures memory and connections against the plan', async () => {
    const tight = { plan: { memoryMb: 1, connections: 1, opsPerSecond: 0 } };
    expect(await check('memory', tight)).toMatchObject({
      status: expect.stringMatching(/warn|fail/) as string,
    });
    expect(await check('connections', tight)).toMatchObject({ status: 'fail', detail: '2 of 1 (200.0 %)' });
  });

  it('names settings that drifted, and what they should be', async () => {
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    const result = await check('settings');
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(result).toMatchObject({ status: 'warn', detail: 'maxmemory-policy is noeviction' });
    expect(result.remedy).toContain('maxmemory-policy allkeys-lru');
  });

  it('notices a clock that runs apart', async () => {
    const ahead = (seconds: number) => ({ now: () => new Date(Date.now() + seconds * 1_000) });
    expect((await check('clock', ahead(20))).status).toBe('warn');
    expect((await check('clock', ahead(-300))).status).toBe('fail');
  });

  it('notices a replica that is gone, and one that lost its primary', async () => {
    const replica = await startRedisServer({
      password: PASSWORD,
      args: ['--replicaof', '127.0.0.1', String(await freePort())],
    });
    const named = (port: number) => ({
      connectionString: () => Promise.resolve(`${server.connectionString}?replica=127.0.0.1:${port}`),
    });
    expect(await check('replica', named(replica.port))).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/heard nothing/) as string,
    });
    await replica.stop();
    expect(await check('replica', named(replica.port))).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('cannot be used') as string,
    });
    expect((await check('replica', { environment: 'prod' })).status).toBe('warn');
  });

  it('notices a damaged catalog object', async () => {
    const damaged = await SmallCatalog.of();
    damaged.damageEveryShard();
    const result = await check('catalog-sample', { store: () => Promise.resolve(damaged.store) });
    expect(result).toMatchObject({ status: 'fail', detail: expect.stringMatching(/is damaged/) as string });
    damaged.remove();
  });

  it('notices that Redis still names another release', async () => {
    const mark = { release: 'old', stamp: 1, recent: [1], editions: {}, told: true, mark: 'x' };
    const head = { expiresAt: Date.now() + 60_000, stamp: 1, plain: true };
    await admin.set(keys.release, encodeFrame(keys.release, mark, head));
    const result = await check('release');
    await admin.del(keys.release);
    expect(result).toMatchObject({
      status: 'warn',
      detail: `Redis says old, the pointer 2026.1`,
    });
  });

  it('notices a publish that did not tell this cache in full', async () => {
    const catalog = await SmallCatalog.of();
    const store = (): Promise<ObjectStore> => Promise.resolve(catalog.store);
    try {
      expect((await check('release', { store })).status).toBe('pass');
      await catalog.build('2026.2', FIRST_RELEASE);
      await catalog.publish('2026.2');
      expect(await check('release', { store })).toMatchObject({
        status: 'warn',
        detail: expect.stringContaining('was not told of it in full') as string,
        remedy: expect.stringContaining('Publish 2026.2 again') as string,
      });
      await catalog.publish('2026.2', server.connectionString);
      expect((await check('release', { store })).status).toBe('pass');
    } finally {
      await admin.del(keys.release, keys.told);
      catalog.remove();
    }
  });

  it('holds the last backup against the environment’s limit', async () => {
    const limit = (maxAgeHours: number | undefined) => ({
      backup: { prefix: 'backups/redis/hourly/', maxAgeHours },
    });
    expect((await check('backup', limit(4.5))).status).toBe('fail');
    expect((await check('backup', limit(undefined))).status).toBe('pass');
    const folder = join(fixture.folder, 'store/backups/redis/hourly/2026-11-22T03:00:00.000Z');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'manifest.json'), '{}');
    const threeHoursAgo = new Date(Date.now() - 3 * 3_600_000);
    utimesSync(join(folder, 'manifest.json'), threeHoursAgo, threeHoursAgo);
    expect(await check('backup', limit(4.5))).toMatchObject({
      status: 'pass',
      detail: '3.0 h old (own), limit 4.5 h',
    });
    expect((await check('backup', limit(2))).status).toBe('fail');
  });

  it('wants the secret of production changed every quarter', async () => {
    const aged = (environment: Patient['environment'], days: number) => ({
      environment,
      secretAge: () =>
        Promise.resolve({ lastChanged: new Date(Date.now() - days * 86_400_000), rotationEnabled: true }),
    });
    expect((await check('secret-age', aged('prod', 91))).status).toBe('warn');
    expect((await check('secret-age', aged('prod', 89))).status).toBe('pass');
    expect((await check('secret-age', aged('dev', 400))).status).toBe('pass');
  });

  it('is a command: one JSON document, exit code 0 when sound and 1 when not', async () => {
    const env = { REDIS_CONNECTION_STRING: server.connectionString, CATALOG_STORE: fixture.store.url };
    const sound = await runCodes(['doctor', '--json'], { env });
    expect(JSON.parse(sound.stdout)).toMatchObject({ healthy: true, environment: null });
    expect(sound.exitCode).toBe(0);
    const text = await runCodes(['doctor'], { env: { ...env, CATALOG_STORE: 'file:/nowhere' } });
    expect(text.stdout).toMatch(/✘ {2}Catalog/);
    expect(text.stdout).toContain('Something is broken');
    expect(text.exitCode).toBe(1);
    const nobody = { ...env, REDIS_CONNECTION_STRING: `redis://127.0.0.1:${await freePort()}` };
    const unreachable = await runCodes(['doctor'], { env: nobody });
    expect(unreachable.stdout).toMatch(/✘ {2}Connection +refused\n +→ Nobody listens there/);
    expect(unreachable.exitCode).toBe(1);
  });
});

describe('the doctor over TLS', () => {
  let folder: string;
  let server: RedisServer;
  let port: number;

  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'medical-codes-ca-'));
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-days',
      '60',
      '-subj',
      '/CN=Throw-away CA',
    );
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'redis.key',
      '-out',
      'redis.csr',
      '-subj',
      '/CN=localhost',
    );
    writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    openssl(
      'x509',
      '-req',
      '-in',
      'redis.csr',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '50',
      '-extfile',
      'names',
      '-out',
      'redis.crt',
    );
    port = await freePort();
    server = await startRedisServer({
      password: PASSWORD,
      args: [
        '--tls-port',
        String(port),
        '--tls-cert-file',
        join(folder, 'redis.crt'),
        '--tls-key-file',
        join(folder, 'redis.key'),
        '--tls-ca-cert-file',
        join(folder, 'ca.crt'),
        '--tls-auth-clients',
        'no',
      ],
    });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const examined = async (variables: Record<string, string>, connectionPort = port) => {
    const { stdout } = await runCodes(['doctor', '--json', '--store', `file:${folder}`], {
      env: {
        REDIS_CONNECTION_STRING: `rediss://default:${PASSWORD}@localhost:${connectionPort}`,
        ...variables,
      },
    });
    return byId((JSON.parse(stdout) as { checks: CheckResult[] }).checks);
  };

  it('passes a certificate of a trusted authority, and says how long it lasts', async () => {
    const checks = await examined({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') });
    expect(checks.tls).toMatchObject({
      status: 'pass',
      detail: expect.stringMatching(/^TLSv1\.[23], certificate valid for (49|50) d$/) as string,
    });
    expect(checks.authentication).toMatchObject({ status: 'pass' });
  });

  it('fails one of an authority that nobody trusts', async () => {
    const checks = await examined({});
    expect(checks.tls).toMatchObject({
      status: 'fail',
      remedy: expect.stringMatching(/NODE_EXTRA_CA_CERTS/) as string,
    });
    expect(checks.connection).toMatchObject({ status: 'fail', detail: 'tls' });
    expect(checks.memory?.status).toBe('skipped');
  });

  it('fails on a port that speaks no TLS', async () => {
    const checks = await examined({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') }, server.port);
    expect(checks.tls?.status).toBe('fail');
    expect(checks.connection?.status).toBe('fail');
  });
});

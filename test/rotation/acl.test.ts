import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { aclStrategy } from '../../lambda/rotation/acl';
import { withCredentials } from '../../lambda/rotation/credentials';
import { redisLogin } from '../../lambda/rotation/redis-login';
import { startRedisServer } from '../../local/redis-server';
import { CommandLog } from '../support/command-log';
import { FakeSecret } from './fake-secrets';
import { hostOf, type Rotating, rotateWhole, selfManaged, step } from './harness';

const quiet = { sleep: (milliseconds: number) => sleep(milliseconds), forgetful: () => undefined };

describe('rotation of a self-managed Redis', () => {
  let redis: Rotating;
  let secret: FakeSecret;

  beforeEach(async () => {
    redis = await selfManaged();
    secret = new FakeSecret(redis.firstSecret);
  });
  afterEach(() => redis.stop());

  it('keeps both passwords valid until the secret has changed over, then only the new one', async () => {
    const host = hostOf(redis, secret);
    secret.begin('token');
    for (const name of ['createSecret', 'setSecret', 'testSecret'] as const) {
      await step(host, 'token', name);
      expect(await redis.login.logsIn(redis.firstSecret)).toBe(true);
    }
    await step(host, 'token', 'finishSecret');
    expect(await redis.login.logsIn(redis.firstSecret)).toBe(false);
    expect(await redis.login.logsIn(secret.current())).toBe(true);
  });

  it('ends passwords that abandoned rotations and people left behind', async () => {
    const host = hostOf(redis, secret);
    secret.begin('abandoned');
    await step(host, 'abandoned', 'createSecret');
    await step(host, 'abandoned', 'setSecret');
    const abandoned = secret.versions.get('abandoned')!.value!;
    expect(await redis.login.logsIn(abandoned)).toBe(true);
    await rotateWhole(host, secret);
    expect(await redis.login.logsIn(abandoned)).toBe(false);
    expect(await redis.login.logsIn(secret.current())).toBe(true);
  });

  it('leaves connections open that logged in with the old password', async () => {
    const client = new Redis(redis.firstSecret, { retryStrategy: () => null });
    await client.ping();
    await rotateWhole(hostOf(redis, secret), secret);
    expect(await client.set('still', 'here')).toBe('OK');
    await client.quit();
  });

  it('sends no password in a command that a monitor could read', async () => {
    const log = await CommandLog.of(redis.server.connectionString);
    await rotateWhole(hostOf(redis, secret), secret);
    const lines = (await log.commands()).map((command) => command.join(' '));
    log.stop();
    const password = /:(?<password>[\w-]{43})@/.exec(secret.current())!.groups!.password!;
    expect(lines.join('\n').toLowerCase()).toContain('catalog:release');
    expect(lines.join('\n')).not.toContain(password);
  });

  it('changes the replica of the connection string as well', async () => {
    const replica = await startRedisServer({ args: ['--replicaof', '127.0.0.1', String(redis.server.port)] });
    const admin = new Redis(replica.connectionString);
    await admin.call('ACL', 'SETUSER', 'codes', 'on', '~*', '+@all', '>first-password');
    const both = `${redis.firstSecret}?replica=127.0.0.1:${replica.port}`;
    secret = new FakeSecret(both);
    await rotateWhole(hostOf(redis, secret), secret);
    const alone = secret.current().replace(/@.*$/, `@127.0.0.1:${replica.port}`);
    expect(await redis.login.logsIn(alone)).toBe(true);
    expect(await redis.login.logsIn(redis.firstSecret.replace(/@.*$/, `@127.0.0.1:${replica.port}`))).toBe(
      false,
    );
    await admin.quit();
    await replica.stop();
  });

  it('says when the server would forget the new password at its restart', async () => {
    let forgetful = 0;
    const login = redisLogin({ ...quiet, forgetful: () => (forgetful += 1) });
    await aclStrategy(login).apply(withCredentials(redis.firstSecret, 'codes', 'next'), redis.firstSecret);
    expect(forgetful).toBe(1);
  });

  it('refuses to give a first password, which would lock out everybody without one', () => {
    const bare = `redis://127.0.0.1:${redis.server.port}`;
    expect(() => aclStrategy(redis.login).propose(bare)).toThrow('no password to rotate');
  });

  it('needs no more rights than the documentation gives', async () => {
    const documented = /^ACL SETUSER codes on >first-password (?<rules>.*)$/m.exec(
      readFileSync(join(__dirname, '../../docs/rotation.md'), 'utf8'),
    )!.groups!.rules!;
    await redis.admin.call('ACL', 'SETUSER', 'codes', 'reset');
    await redis.admin.call('ACL', 'SETUSER', 'codes', 'on', '>first-password', ...documented.split(' '));
    await rotateWhole(hostOf(redis, secret), secret);
    expect(await redis.login.logsIn(secret.current())).toBe(true);
    expect(await redis.login.logsIn(redis.firstSecret)).toBe(false);
  });

  it('names the right that the user lacks', async () => {
    await redis.admin.call('ACL', 'SETUSER', 'codes', '-acl|setuser');
    secret.begin('token');
    const host = hostOf(redis, secret);
    await step(host, 'token', 'createSecret');
    await expect(step(host, 'token', 'setSecret')).rejects.toThrow('+acl|setuser');
  });

  it('does not take a user for working that may not read the cache', async () => {
    await redis.admin.call('ACL', 'SETUSER', 'codes', 'resetkeys', '~other:*');
    await expect(redis.login.logsIn(redis.firstSecret)).rejects.toThrow('may not read the cache');
  });
});

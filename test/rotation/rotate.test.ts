import { randomUUID } from 'node:crypto';
import { credentialsOf } from '../../lambda/rotation/credentials';
import { FakeSecret } from './fake-secrets';
import { Faults } from './faults';
import { hostOf, redisCloud, type Rotating, rotateWhole, selfManaged, step, STEPS } from './harness';

describe.each([
  ['acl', selfManaged],
  ['redis-cloud', redisCloud],
])('rotation by %s', (_kind, start) => {
  let redis: Rotating;
  let secret: FakeSecret;

  beforeEach(async () => {
    redis = await start();
    secret = new FakeSecret(redis.firstSecret);
  });
  afterEach(() => redis.stop());

  const works = (value: string) => redis.login.logsIn(value);

  it('ends with new credentials current, time after time', async () => {
    const seen = new Set([credentialsOf(secret.current()).password]);
    for (let round = 1; round <= 4; round += 1) {
      await rotateWhole(hostOf(redis, secret), secret);
      expect(await works(secret.current())).toBe(true);
      seen.add(credentialsOf(secret.current()).password);
      expect(seen.size).toBe(round + 1);
    }
  });

  it('does nothing more for a token that is current already', async () => {
    const host = hostOf(redis, secret);
    const token = await rotateWhole(host, secret);
    const after = secret.current();
    for (const name of STEPS) expect(await step(host, token, name)).toBe('already current');
    expect(secret.current()).toBe(after);
    expect(await works(after)).toBe(true);
  });

  it('keeps the pending value when createSecret is repeated', async () => {
    const host = hostOf(redis, secret);
    secret.begin('token');
    await step(host, 'token', 'createSecret');
    const pending = secret.versions.get('token')?.value;
    await step(host, 'token', 'createSecret');
    expect(secret.versions.get('token')?.value).toBe(pending);
    expect(secret.current()).toBe(redis.firstSecret);
  });

  it('refuses a version that is unknown, or neither pending nor current', async () => {
    const host = hostOf(redis, secret);
    await expect(step(host, 'nobody', 'createSecret')).rejects.toThrow('no version');
    await rotateWhole(host, secret);
    await expect(step(host, 'first', 'setSecret')).rejects.toThrow('neither pending nor current');
    secret.begin('empty');
    await expect(step(host, 'empty', 'setSecret')).rejects.toThrow('createSecret comes first');
    // Secrets Manager tries this step alone when a rotation is set up; the current credentials are what it can test.
    await step(host, 'empty', 'testSecret');
    secret.rotationEnabled = false;
    await expect(step(host, 'empty', 'createSecret')).rejects.toThrow('not set up for rotation');
  });

  it('never makes credentials current that do not work', async () => {
    const host = hostOf(redis, secret);
    secret.begin('token');
    await step(host, 'token', 'createSecret');
    // setSecret is left out: the password is valid nowhere.
    await expect(step(host, 'token', 'testSecret')).rejects.toThrow('Redis refuses the new credentials');
    expect(secret.current()).toBe(redis.firstSecret);
  });

  it('says nothing secret when it fails', async () => {
    const host = hostOf(redis, secret);
    secret.begin('token');
    await step(host, 'token', 'createSecret');
    const pending = credentialsOf(secret.versions.get('token')!.value!).password!;
    await redis.server.stop();
    for (const name of ['setSecret', 'testSecret'] as const) {
      const error: unknown = await step(host, 'token', name).catch((thrown: unknown) => thrown);
      const told = JSON.stringify(error, Object.getOwnPropertyNames(error ?? {})) + String(error);
      for (const hidden of [pending, 'first-password', 'initial', 'test-secret-key']) {
        expect(told).not.toContain(hidden);
      }
    }
  });

  describe.each(['the step that failed', 'the first step'])(
    'cut off anywhere and repeated from %s',
    (from) => {
      it.each(['before', 'after'] as const)(
        '(%s a call takes effect) ends in a working secret',
        async (when) => {
          const counting = new Faults();
          await rotateWhole(hostOf(redis, secret, counting), secret);
          expect(counting.calls).toBeGreaterThan(10);
          for (let at = 1; at <= counting.calls; at += 1) {
            const faults = new Faults();
            const host = hostOf(redis, secret, faults);
            const before = secret.current();
            const token = randomUUID();
            secret.begin(token);
            faults.arm(at, when);
            let failures = 0;
            for (let index = 0; index < STEPS.length;) {
              try {
                await step(host, token, STEPS[index]!);
                index += 1;
              } catch {
                failures += 1;
                if (from === 'the first step') index = 0;
              }
              // Whoever reads the secret at this moment gets in.
              expect(await works(secret.current())).toBe(true);
            }
            expect(failures).toBe(1);
            expect(secret.current()).not.toBe(before);
            expect(secret.versions.get(token)?.stages).toContain('AWSCURRENT');
            if (redis.kind === 'acl') expect(await works(before)).toBe(false);
          }
        },
      );
    },
  );
});

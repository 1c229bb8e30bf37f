import { BundledFunction } from '../support/bundled-function';
import { startSecretsManager } from '../support/secrets-manager-server';
import { FakeSecret } from './fake-secrets';
import { redisCloud, type Rotating, selfManaged, STEPS, USERS } from './harness';
import { API_KEYS } from './redis-cloud-server';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:medical-codes/prod/redis-AbCdEf';
const KEYS_ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:redis-cloud-api-AbCdEf';

describe('the deployed rotation function', () => {
  let bundle: BundledFunction;

  beforeAll(() => {
    bundle = new BundledFunction('secret-rotation');
  });
  afterAll(() => bundle.remove());

  async function rotated(redis: Rotating, variables: Record<string, string>): Promise<void> {
    const secret = new FakeSecret(redis.firstSecret);
    const keys = new FakeSecret(JSON.stringify(API_KEYS));
    const secrets = await startSecretsManager(
      new Map([
        [ARN, secret],
        [KEYS_ARN, keys],
      ]),
    );
    try {
      secret.begin('token-1');
      const { results, output } = await bundle.invoke(
        { ...secrets.variables, ...variables },
        STEPS.map((name) => ({ SecretId: ARN, ClientRequestToken: 'token-1', Step: name })),
      );
      expect(results).toEqual(STEPS.map(() => ({ result: null })));
      expect(secret.versions.get('token-1')?.stages).toContain('AWSCURRENT');
      expect(await redis.login.logsIn(secret.current())).toBe(true);
      const hidden = [...secret.current().matchAll(/:(?<password>[^:@/]+)@/g)].map((match) => match[1]!);
      for (const each of [...hidden, 'first-password', API_KEYS.secretKey])
        expect(output).not.toContain(each);
    } finally {
      await secrets.stop();
      await redis.stop();
    }
  }

  it('rotates a self-managed Redis', async () => {
    await rotated(await selfManaged(), { ROTATION_STRATEGY: 'acl' });
  });

  it('rotates at Redis Cloud, with the API keys from their own secret', async () => {
    const redis = await redisCloud();
    await rotated(redis, {
      ROTATION_STRATEGY: 'redis-cloud',
      REDIS_CLOUD_API_SECRET_ARN: KEYS_ARN,
      REDIS_CLOUD_ACL_USERS: USERS.map(({ id, name }) => `${id}:${name}`).join(','),
      REDIS_CLOUD_API_URL: redis.cloud.url,
    });
  });

  it('refuses an event that is none of a rotation, and settings that say no strategy', async () => {
    const { results } = await bundle.invoke({ ROTATION_STRATEGY: 'acl' }, [{}, { Step: 'dropSecret' }]);
    expect(results.every(({ thrown }) => thrown !== undefined)).toBe(true);
    const event = { SecretId: ARN, ClientRequestToken: 't', Step: 'createSecret' };
    const unset = await bundle.invoke({}, [event]);
    expect(unset.results[0]?.thrown).toBeDefined();
    expect(unset.output).toContain('ROTATION_STRATEGY');
  });
});

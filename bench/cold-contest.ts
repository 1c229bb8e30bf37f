import { join } from 'node:path';
import { Redis } from 'ioredis';
import { SETTING } from '../lambda/names/settings';
import { bundleFile, bundleFunction } from '../lib/functions/bundle';
import { startRedisServer } from '../local/redis-server';
import { FakeSecret } from '../test/rotation/fake-secrets';
import { startSecretsManager } from '../test/support/secrets-manager-server';
import { SmallCatalog } from '../test/support/small-catalog';
import { ColdStart } from './cold-start';
import { alternate } from './contender';
import type { Duel } from './read-contest';

const SECRET = 'bench-redis';
const CODE = 'Z00.00';

/** What an HTTP API sends for one lookup, as far as a handler reads it. */
const EVENT = {
  version: '2.0',
  rawPath: `/v1/icd10/${CODE}`,
  rawQueryString: '',
  headers: { host: 'bench.execute-api.us-east-1.amazonaws.com' },
  requestContext: {
    requestId: 'bench',
    stage: '$default',
    http: { method: 'GET' },
    authorizer: { iam: { userArn: 'arn:aws:iam::000000000000:user/bench' } },
  },
  isBase64Encoded: false,
};

/** Variables of a deployed lookup function. */
function lookupVariables(catalogStore: string): Record<string, string> {
  return {
    [SETTING.environment]: 'dev',
    [SETTING.redisSecretArn]: SECRET,
    [SETTING.catalogStore]: catalogStore,
    [SETTING.authMode]: 'iam',
    [SETTING.teamClaim]: 'teamId',
  };
}

async function putPlain(connectionString: string): Promise<void> {
  const redis = new Redis(connectionString);
  const record = { type: 'icd10', code: CODE, description: 'Encounter for adult exam', billable: true };
  await redis.set(EVENT.rawPath, JSON.stringify(record));
  redis.disconnect();
}

/**
 * The deployed bundle of lookup, which first asks Secrets Manager for its connection string, against a function of
 * ioredis alone, which has it in a variable.
 * @param folder a temporary folder for the bundles
 */
export async function coldContest(folder: string, rounds: number): Promise<Duel> {
  bundleFunction('lookup', join(folder, 'lookup'));
  bundleFile(join(__dirname, 'contestants', 'cold-get.ts'), join(folder, 'cold-get.js'));
  const redis = await startRedisServer();
  const plain = `${redis.connectionString}/1`;
  const catalog = await SmallCatalog.of();
  const secrets = await startSecretsManager(new Map([[SECRET, new FakeSecret(redis.connectionString)]]));
  try {
    await putPlain(plain);
    const contenders = [
      new ColdStart({
        name: 'product',
        bundle: join(folder, 'lookup', 'index.js'),
        variables: { ...secrets.variables, ...lookupVariables(catalog.url) },
        event: EVENT,
      }),
      new ColdStart({
        name: 'ioredis only',
        bundle: join(folder, 'cold-get.js'),
        variables: { BENCH_REDIS: plain },
        event: EVENT,
      }),
    ];
    const reports = await alternate(contenders, rounds);
    return contenders.map(({ name }, index) => ({ name, rounds: reports[index] ?? [] }));
  } finally {
    catalog.remove();
    await secrets.stop();
    await redis.stop();
  }
}

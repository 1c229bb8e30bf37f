import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { keys } from '../../lambda/names/keys';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { StartedServer } from '../local/started-server';
import { FakeSecret } from '../rotation/fake-secrets';
import { BundledFunction } from '../support/bundled-function';
import { eventually } from '../support/eventually';
import { S3Server } from '../support/s3/server';
import { startSecretsManager } from '../support/secrets-manager-server';
import { SmallCatalog } from '../support/small-catalog';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:redis-AbCdEf';
const PATH = '/v1/icd10/Z00.00';
/** So many times the product's limits: enough for a busy machine, and short enough to see one of them run out. */
const PATIENCE = 20;

/** What an HTTP API sends for a GET. */
const EVENT = {
  rawPath: PATH,
  rawQueryString: '',
  headers: { host: 'abc.execute-api.us-east-1.amazonaws.com' },
  requestContext: {
    authorizer: { iam: { accessKey: 'AKIA', accountId: '1', userArn: 'arn:aws:iam::1:user/backend' } },
    http: { method: 'GET', path: PATH, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    requestId: 'id',
    stage: '$default',
  },
  isBase64Encoded: false,
};

interface Result {
  statusCode: number;
  headers: Record<string, string>;
}

let s3: S3Server;
let server: RedisServer;
let redis: Redis;
let catalog: SmallCatalog;
let lookup: BundledFunction;

beforeAll(async () => {
  lookup = new BundledFunction('lookup');
  [s3, server, catalog] = await Promise.all([S3Server.start(), startRedisServer(), SmallCatalog.of()]);
  redis = new Redis(server.connectionString);
  for await (const { key } of catalog.store.list('')) {
    s3.bucket.objects.set(key, Buffer.from((await catalog.store.get(key)) ?? ''));
  }
});
beforeEach(async () => {
  s3.fault = () => undefined;
  await redis.flushall();
});
afterAll(async () => {
  lookup.remove();
  catalog.remove();
  redis.disconnect();
  await Promise.all([server.stop(), s3.stop()]);
});

/** Hands events to one process of the deployed function, and tells status and `x-cache` of each answer. */
async function invoke(variables: Record<string, string>, times: number): Promise<string[]> {
  const { results, output } = await lookup.invoke(
    {
      ...s3.variables,
      MEDICAL_CODES_ENV: 'dev',
      REDIS_SECRET_ARN: SECRET,
      CATALOG_STORE: s3.url,
      AUTH_MODE: 'iam',
      TEAM_CLAIM: 'teamId',
      ...variables,
    },
    Array.from({ length: times }, () => EVENT),
    { patience: PATIENCE },
  );
  return results.map(({ result, thrown }) => {
    if (thrown !== undefined) throw new Error(`${thrown}\n${output}`);
    const { statusCode, headers } = result as Result;
    return `${statusCode} ${headers['x-cache']}`;
  });
}

test('the deployed function answers from Redis and memory while the store answers nothing', async () => {
  const secrets = await startSecretsManager(new Map([[SECRET, new FakeSecret(server.connectionString)]]));
  try {
    expect(await invoke(secrets.variables, 1)).toEqual(['200 miss']);
    await redis.del(keys.release);
    s3.fault = () => 'never-answers';
    const answers = await invoke(secrets.variables, 5);
    expect(answers[0]).toBe('200 redis');
    for (const answer of answers) expect(answer).toMatch(/^200 (redis|stale)$/);
  } finally {
    await secrets.stop();
  }
});

test('the deployed function asks a silent Secrets Manager once, and does without Redis', async () => {
  let asked = 0;
  const silent = createServer(() => (asked += 1)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  try {
    const answers = await invoke({ AWS_ENDPOINT_URL_SECRETS_MANAGER: url }, 5);
    expect(answers).toEqual(['200 bypass', '200 memory', '200 memory', '200 memory', '200 memory']);
    expect(asked).toBe(1);
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});

test('the local server answers what it holds while the store answers nothing', async () => {
  const local = await StartedServer.ready({
    ...s3.variables,
    CATALOG_STORE: s3.url,
    REDIS_CONNECTION_STRING: server.connectionString,
  });
  try {
    expect((await local.get(PATH)).status).toBe(200);
    await redis.del(keys.release);
    s3.fault = () => 'never-answers';
    const before = s3.requests.length;
    // The first question to the store has been given up, and another one is out.
    await eventually(async () => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => local.get(PATH)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      return s3.requests.length >= before + 2;
    }, 'a second question to the store');
  } finally {
    await local.stop();
  }
});

import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { fillCodes, plainClient } from '../backup/filled-redis';
import { type CliRun, runCodes } from '../support/codes-cli';
import { S3Server } from '../support/s3/server';

const PREFIX = 'backups/redis/prod/';
let redis: RedisServer;
let s3: S3Server;
let run: string;

beforeAll(async () => {
  [redis, s3] = await Promise.all([startRedisServer(), S3Server.start()]);
  const client = plainClient(redis.connectionString);
  await fillCodes(client, 50);
  client.disconnect();
  run = (json(await codes('backup', 'run', '--json')) as { run: string }).run;
});
afterAll(() => Promise.all([redis.stop(), s3.stop()]));

function codes(...args: string[]): Promise<CliRun> {
  const env = {
    ...s3.variables,
    REDIS_CONNECTION_STRING: redis.connectionString,
    CATALOG_STORE: s3.url,
    BACKUP_PREFIX: PREFIX,
  };
  return runCodes(args, { env });
}

const json = (done: CliRun): unknown => JSON.parse(done.stdout);

/** As the lifecycle rule leaves a backup after 90 days: its manifest is too small to be moved. */
function archive(): string {
  const part = `${PREFIX}${run}/part-00001.rdump.zst`;
  s3.bucket.classes.set(part, 'GLACIER');
  s3.bucket.returns.delete(part);
  return part;
}

it('an archived backup is listed as one', async () => {
  archive();
  expect((await codes('backup', 'list')).stdout).toMatch(new RegExp(`${run} +archived`));
  expect(json(await codes('backup', 'list', '--json'))).toMatchObject({
    backups: [{ run, complete: true, archive: 'archived' }],
  });
});

it.each([
  ['backup', 'verify'],
  ['restore', '--yes'],
  ['restore', '--dry-run'],
])('%s %s refuses it at once, with the step to bring it back', async (...command) => {
  const part = archive();
  const refused = await codes(...command);
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toContain('Bring back an archived backup');
  expect(refused.stderr).toContain(
    `aws s3api restore-object --bucket test-bucket --key ${part} --restore-request`,
  );
  expect(s3.requests.map(({ name }) => name)).not.toContain(`GET ${part}`);
});

it('on its way out of the archive it is refused still, and once back it can be read', async () => {
  const part = archive();
  s3.bucket.returns.set(part, 'under way');
  expect((await codes('backup', 'list')).stdout).toMatch(/on its way out of the archive/);
  expect((await codes('backup', 'verify')).stderr).toMatch(/1 of its objects are not back yet/);
  s3.bucket.returns.set(part, 'back');
  expect((await codes('backup', 'list')).stdout).toMatch(new RegExp(`${run} +complete`));
  expect(await codes('backup', 'verify')).toMatchObject({ exitCode: 0 });
});

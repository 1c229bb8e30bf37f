import { equal, match, ok } from 'node:assert/strict';
import { GetObjectRetentionCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { startRedisServer } from '../../../local/redis-server';
import { DeployedFunction } from '../functions';
import type { Step } from '../step';

const PREFIX = 'backups/redis/dev/';
const RETENTION_DAYS = 7;
const DAY_MS = 86_400_000;

export const backup: Step = {
  title: 'the deployed backup function writes locked objects, and a second Redis restored from them is equal',
  async run({ checkout, outputs }) {
    const started = Date.now();
    const bucket = outputs.dev?.BucketName ?? '';
    const { failed, payload } = await (await DeployedFunction.find('dev', 'backup')).invoke({});
    ok(!failed, JSON.stringify(payload));
    equal(payload.status, 'complete');

    const s3 = new S3Client({});
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'backups/' }));
    ok(Contents.some(({ Key }) => Key?.endsWith('manifest.json')));
    for (const { Key = '' } of Contents) {
      ok(Key.startsWith(PREFIX), Key);
      const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket: bucket, Key }));
      equal(Retention?.Mode, 'GOVERNANCE', Key);
      const until = Retention.RetainUntilDate?.getTime() ?? 0;
      ok(until >= started + RETENTION_DAYS * DAY_MS - 60_000, `${Key} is kept until ${until}`);
    }
    const verified = await checkout.npm('codes', ['backup', 'verify', '--env', 'dev']);
    equal(verified.code, 0, verified.output);

    const second = await startRedisServer();
    try {
      const restored = await checkout.npm(
        'codes',
        ['restore', '--store', `s3://${bucket}`, '--prefix', PREFIX, '--verify', '--yes'],
        { REDIS_CONNECTION_STRING: second.connectionString },
      );
      equal(restored.code, 0, restored.output);
      match(restored.output, /\d/);
      return restored.stdout
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('>'))
        .join('\n');
    } finally {
      await second.stop();
    }
  },
};

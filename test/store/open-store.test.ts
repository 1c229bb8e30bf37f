import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { InvalidRequest } from '../../lambda/names/errors';
import { openStore } from '../../lambda/store/open-store';

test.each([
  ['file:/tmp/cat', 'file:/tmp/cat'],
  ['file:///tmp/cat', 'file:/tmp/cat'],
  ['file:cat', `file:${resolve('cat')}`],
  ['file:./a/../cat', `file:${resolve('cat')}`],
  ['s3://my-bucket', 's3://my-bucket'],
  ['s3://my-bucket/', 's3://my-bucket'],
])('%s opens the store %s', (url, opened) => {
  expect(openStore(url).url).toBe(opened);
});

test.each([
  ['', 'expected file:<dir> or s3://<bucket>'],
  ['/tmp/cat', 'expected file:<dir> or s3://<bucket>'],
  ['https://bucket.s3.amazonaws.com', 'expected file:<dir> or s3://<bucket>'],
  ['file:', 'names no directory'],
  ['file://host/cat', 'names no directory'],
  ['s3://', 'names no bucket'],
  ['s3://Upper_Case', 'names no bucket'],
  ['s3://bucket/prefix', 'without a prefix'],
])('%j is refused with what is expected', (url, problem) => {
  expect(() => openStore(url)).toThrow(InvalidRequest);
  expect(() => openStore(url)).toThrow(problem);
});

test('opening a bucket loads nothing of the AWS SDK before its first use, and of uploads before the first of them', () => {
  const root = join(__dirname, '../..');
  const script = `
    const { openStore } = require('./lambda/store/open-store');
    const loaded = () => ['@aws-sdk', 's3-upload'].map((part) =>
      Object.keys(require.cache).some((name) => name.includes(part)));
    const store = openStore('s3://my-bucket');
    async function* body() { yield Buffer.from('x'); }
    (async () => {
      const opened = loaded();
      await store.get('k').catch(() => undefined);
      const read = loaded();
      await store.putStream('k', body()).catch(() => undefined);
      console.log(JSON.stringify([opened, read, loaded()]));
      process.exit();
    })();`;
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const output = execFileSync(process.execPath, ['--import', require.resolve('tsx'), '-e', script], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ]);
});

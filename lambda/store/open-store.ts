import { InvalidRequest } from '../names/errors';
import { FileStore } from './file-store';
import { LazyStore } from './lazy-store';
import type { ObjectStore } from './object-store';

/** S3's rules for bucket names, without those that only keep names from looking like addresses. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Opens the store a URL names: `file:<dir>` (relative to the working directory, or absolute) or
 * `s3://<bucket>`. Nothing is read yet, and the AWS SDK is loaded at an S3 store's first use, so that a
 * Lambda that answers from its cache never pays for it.
 * @throws InvalidRequest naming what is wrong with the URL
 */
export function openStore(url: string): ObjectStore {
  if (url.startsWith('file:')) return new FileStore(directoryOf(url));
  if (url.startsWith('s3://')) {
    const bucket = bucketOf(url);
    return new LazyStore(`s3://${bucket}`, async () => {
      const { S3Store } = await import('./s3-store');
      return new S3Store(bucket);
    });
  }
  throw new InvalidRequest(
    'store',
    `store ${JSON.stringify(url)} is not a store's URL; expected file:<dir> or s3://<bucket>.`,
  );
}

function directoryOf(url: string): string {
  const rest = url.slice('file:'.length);
  // file:///tmp/cat is the full URL form, file:/tmp/cat and file:cat are short ones.
  const path = rest.startsWith('///') ? decodeURIComponent(rest.slice(2)) : rest;
  if (path === '' || path.startsWith('//')) {
    throw new InvalidRequest(
      'store',
      `store ${JSON.stringify(url)} names no directory; expected file:<dir>, such as file:/tmp/catalog.`,
    );
  }
  return path;
}

function bucketOf(url: string): string {
  const bucket = url.slice('s3://'.length).replace(/\/$/, '');
  if (BUCKET.test(bucket)) return bucket;
  const remedy = bucket.includes('/')
    ? 'a store is a whole bucket, without a prefix: s3://<bucket>'
    : 'expected s3://<bucket> with 3 to 63 lower-case letters, digits, dots or hyphens';
  throw new InvalidRequest('store', `store ${JSON.stringify(url)} names no bucket; ${remedy}.`);
}

import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/** The account from which Redis Cloud writes the backups it makes itself. */
const REDIS_CLOUD = 'arn:aws:iam::168085023892:root';

/**
 * Lets Redis Cloud write, read back and expire its own backups under the environment's backup prefix. Its
 * documentation asks for the whole bucket; the catalog in it is none of its business.
 */
export function grantRedisCloud(bucket: Bucket, key: Key, prefix: string): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'RedisCloudBackups',
      principals: [new ArnPrincipal(REDIS_CLOUD)],
      actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
      resources: [bucket.arnForObjects(`${prefix}*`)],
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'RedisCloudBackups',
      principals: [new ArnPrincipal(REDIS_CLOUD)],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'],
      resources: ['*'],
    }),
  );
}

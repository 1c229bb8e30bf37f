import { Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { StorageStack } from '../storage/storage-stack';
import type { Permission } from './permission';

/**
 * What functions may do with the environment's bucket and secret, spelled out action by action. Grants on
 * the resources themselves would reach into their key's policy, which another stack owns.
 */
export class Permissions {
  constructor(
    private readonly scope: Construct,
    private readonly storage: StorageStack,
  ) {}

  /** Read objects under these prefixes. */
  read(sid: string, prefixes: readonly string[]): Permission {
    return this.objects(sid, ['s3:GetObject'], prefixes);
  }

  /** Any actions on objects under these prefixes. */
  objects(sid: string, actions: readonly string[], prefixes: readonly string[]): Permission {
    return {
      sid,
      actions,
      resources: prefixes.map((prefix) => this.storage.objectsArn(prefix)),
      wildcard:
        'Keys under the prefix are made by releases, teams and times; the prefix is the narrowest name.',
    };
  }

  /**
   * Tell an absent object from a forbidden one: without it S3 answers 403 for both, and an unknown team
   * would look like an outage. S3 puts no prefix on that question, so there is no condition to add.
   */
  knowAbsence(): Permission {
    return { sid: 'KnowAbsence', actions: ['s3:ListBucket'], resources: [this.storage.bucketArn] };
  }

  /** List keys under one prefix. */
  list(prefix: string): Permission {
    return {
      sid: 'List',
      actions: ['s3:ListBucket'],
      resources: [this.storage.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
    };
  }

  /** Use the bucket's key, through S3 alone. */
  bucketKey(...actions: ('kms:Decrypt' | 'kms:GenerateDataKey')[]): Permission {
    return this.#key('BucketKey', this.storage.bucketKey, actions, 's3');
  }

  /** Read the Redis connection string. */
  redisSecret(): Permission[] {
    return [
      {
        sid: 'ReadRedisSecret',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [this.storage.redisSecret.secretArn],
      },
      this.secretKey('kms:Decrypt'),
    ];
  }

  /** Use the secret's key, through Secrets Manager alone. */
  secretKey(...actions: ('kms:Decrypt' | 'kms:GenerateDataKey')[]): Permission {
    return this.#key('SecretKey', this.storage.serviceKey, actions, 'secretsmanager');
  }

  #key(sid: string, key: IKey, actions: readonly string[], service: string): Permission {
    const { region, urlSuffix } = Stack.of(this.scope);
    return {
      sid,
      actions,
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } },
    };
  }
}

import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { redisSecretName } from '../../lambda/names/environments';
import { backupRules } from './backup-rules';
import { letServicesEncrypt } from './service-key-policy';
import { grantRedisCloud } from './redis-cloud-access';
import { replication } from './replication';
import type { EnvironmentConfig } from '../config/environments';
import { EnvironmentStack } from '../environment-stack';
import type { ReplicaStack } from './replica-stack';

/** What an environment must not lose: the bucket with catalog and backups, and the Redis secret. */
export class StorageStack extends EnvironmentStack {
  readonly bucket: Bucket;
  /** Encrypts the bucket alone: Redis Cloud may be let in here, and must not get near the secret. */
  readonly bucketKey: Key;
  /** Encrypts the secret, logs and the alarm topic. */
  readonly serviceKey: Key;
  readonly redisSecret: Secret;

  constructor(
    scope: Construct,
    private readonly config: EnvironmentConfig,
    replica?: ReplicaStack,
  ) {
    super(scope, 'Storage', config, 'catalog, backups and the Redis secret');
    const removalPolicy = config.retain ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
    this.bucketKey = new Key(this, 'BucketKey', {
      description: `medical-codes ${config.name}: objects of the bucket`,
      enableKeyRotation: true,
      removalPolicy,
    });
    this.serviceKey = new Key(this, 'ServiceKey', {
      description: `medical-codes ${config.name}: secret, logs, alarm topic`,
      enableKeyRotation: true,
      removalPolicy,
    });
    letServicesEncrypt(this, this.serviceKey);
    this.bucket = this.#createBucket(removalPolicy, replica);
    this.redisSecret = this.#createSecret(removalPolicy);
    if (config.redisCloudBackups) grantRedisCloud(this.bucket, this.bucketKey, config.backup.prefix);
    if (!replica) {
      acknowledge(
        this.bucket,
        'HIPAA.Security-S3BucketReplicationEnabled',
        'Replication is chosen per environment by REPLICA_REGION; versions and backups are kept here.',
      );
    }
    new CfnOutput(this, 'BucketName', { value: config.bucketName });
    new CfnOutput(this, 'RedisSecretArn', { value: this.redisSecret.secretArn });
  }

  /** Written out of the bucket's fixed name, so that a policy reads as what it allows. */
  get bucketArn(): string {
    return `arn:${this.partition}:s3:::${this.config.bucketName}`;
  }

  /** The object `key`, or all objects under it when it ends in a slash. */
  objectsArn(key: string): string {
    return `${this.bucketArn}/${key}${key.endsWith('/') ? '*' : ''}`;
  }

  #createBucket(removalPolicy: RemovalPolicy, replica?: ReplicaStack): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: this.config.bucketName,
      versioned: true,
      // No default retention: it would also lock every list of hot codes. Backups set their own.
      objectLockEnabled: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.bucketKey,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: backupRules(this.config.lifecycle),
      serverAccessLogsBucket: this.#accessLogs(removalPolicy),
      removalPolicy,
      ...(replica &&
        replication(this, {
          sourceArn: this.bucketArn,
          sourceKey: this.bucketKey,
          target: replica.bucket,
          targetKey: replica.key,
        })),
    });
    // The bucket's own switch; the construct's eventBridgeEnabled would bring a function of its own for it.
    const resource = bucket.node.defaultChild;
    if (resource instanceof CfnBucket) {
      resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    }
    return bucket;
  }

  #accessLogs(removalPolicy: RemovalPolicy): Bucket {
    const logs = new Bucket(this, 'AccessLogs', {
      versioned: true,
      // S3 delivers access logs to buckets under its own keys only.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        {
          id: 'forget',
          expiration: Duration.days(this.config.logRetentionDays),
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy,
    });
    for (const [id, reason] of [
      ['AwsSolutions-S1', 'The log bucket itself; logging its own deliveries would never end.'],
      [
        'HIPAA.Security-S3BucketLoggingEnabled',
        'The log bucket itself; logging its own deliveries would never end.',
      ],
      [
        'HIPAA.Security-S3DefaultEncryptionKMS',
        'S3 delivers access logs only to buckets encrypted under its own keys.',
      ],
      [
        'HIPAA.Security-S3BucketReplicationEnabled',
        'Access logs are evidence for a while, not data to recover.',
      ],
    ] as const) {
      acknowledge(logs, id, reason);
    }
    return logs;
  }

  #createSecret(removalPolicy: RemovalPolicy): Secret {
    const secret = new Secret(this, 'RedisSecret', {
      secretName: redisSecretName(this.config.name),
      description: `Redis connection string of ${this.config.name}. Put by the deployment, never by a template.`,
      encryptionKey: this.serviceKey,
      // A placeholder that no client takes for a connection string; the real one never enters a template.
      generateSecretString: { excludePunctuation: true, passwordLength: 32 },
      removalPolicy,
    });
    const reason =
      this.config.rotation.strategy === 'off'
        ? 'No rotation strategy is set for this environment; the runbook rotates by hand, in prod every 90 days.'
        : 'The rotation schedule stands beside its function in the Operations stack, to keep the stacks acyclic.';
    acknowledge(secret, 'AwsSolutions-SMG4', reason);
    acknowledge(secret, 'HIPAA.Security-SecretsManagerRotationEnabled', reason);
    return secret;
  }
}

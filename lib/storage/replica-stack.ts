import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { backupRules } from './backup-rules';
import type { EnvironmentConfig } from '../config/environments';
import { EnvironmentStack } from '../environment-stack';

/** The bucket's copy in another region. Only with REPLICA_REGION. */
export class ReplicaStack extends EnvironmentStack {
  readonly bucket: Bucket;
  readonly key: Key;

  constructor(scope: Construct, config: EnvironmentConfig, region: string) {
    super(scope, 'Replica', config, 'copy of the bucket in another region', region);
    const removalPolicy = config.retain ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
    this.key = new Key(this, 'ReplicaKey', {
      description: `medical-codes ${config.name}: objects of the replica`,
      enableKeyRotation: true,
      removalPolicy,
    });
    this.bucket = new Bucket(this, 'ReplicaBucket', {
      // Another region can only refer to a name that is known beforehand.
      bucketName: `${config.bucketName}-replica`,
      versioned: true,
      // A locked object can only be copied to where locks exist.
      objectLockEnabled: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: backupRules(config.lifecycle),
      removalPolicy,
    });
    const logging = 'Written by replication alone and read after a disaster; access to the source is logged.';
    for (const [id, reason] of [
      ['AwsSolutions-S1', logging],
      ['HIPAA.Security-S3BucketLoggingEnabled', logging],
      ['HIPAA.Security-S3BucketReplicationEnabled', 'This is the replica itself.'],
    ] as const) {
      acknowledge(this.bucket, id, reason);
    }
    new CfnOutput(this, 'ReplicaBucketName', { value: this.bucket.bucketName });
  }
}

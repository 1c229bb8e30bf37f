import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { BucketProps, IBucket } from 'aws-cdk-lib/aws-s3';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledgeWildcards, statement, type Permission } from '../functions/permission';

export interface ReplicationEnds {
  readonly sourceArn: string;
  readonly sourceKey: IKey;
  readonly target: IBucket;
  readonly targetKey: IKey;
}

/**
 * Every new object, with its lock and its deletion, is copied to the bucket of another region. Lifecycle
 * deletions are not replicated by S3: the target has the same rules of its own.
 */
export function replication(
  scope: Construct,
  ends: ReplicationEnds,
): Pick<BucketProps, 'replicationRole' | 'replicationRules'> {
  const { target, targetKey } = ends;
  const role = new Role(scope, 'ReplicationRole', {
    assumedBy: new ServicePrincipal('s3.amazonaws.com'),
    description: 'Copies objects to the replica region',
  });
  const permissions = replicationPermissions(ends, Stack.of(scope));
  const policy = new ManagedPolicy(scope, 'ReplicationPolicy', {
    roles: [role],
    statements: permissions.map(statement),
  });
  acknowledgeWildcards(policy, permissions);
  return {
    replicationRole: role.withoutPolicyUpdates(),
    replicationRules: [
      {
        id: 'all',
        priority: 1,
        destination: target,
        kmsKey: targetKey,
        sseKmsEncryptedObjects: true,
        deleteMarkerReplication: true,
      },
    ],
  };
}

function replicationPermissions(ends: ReplicationEnds, { region, urlSuffix }: Stack): Permission[] {
  const wildcard = 'Replication copies every object of the one bucket to the one other.';
  const viaS3 = (where: string) => ({ StringEquals: { 'kms:ViaService': `s3.${where}.${urlSuffix}` } });
  const targetRegion = Stack.of(ends.target).region;
  return [
    {
      sid: 'ReadConfiguration',
      actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
      resources: [ends.sourceArn],
    },
    {
      sid: 'ReadVersions',
      actions: [
        's3:GetObjectVersionForReplication',
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionTagging',
        's3:GetObjectRetention',
        's3:GetObjectLegalHold',
      ],
      resources: [`${ends.sourceArn}/*`],
      wildcard,
    },
    {
      sid: 'WriteReplicas',
      actions: ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'],
      resources: [ends.target.arnForObjects('*')],
      wildcard,
    },
    {
      sid: 'SourceKey',
      actions: ['kms:Decrypt'],
      resources: [ends.sourceKey.keyArn],
      conditions: viaS3(region),
    },
    {
      sid: 'TargetKey',
      actions: ['kms:Encrypt'],
      resources: [ends.targetKey.keyArn],
      conditions: viaS3(targetRegion),
    },
  ];
}

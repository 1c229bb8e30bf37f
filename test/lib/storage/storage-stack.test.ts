import { Match, type Template } from 'aws-cdk-lib/assertions';
import { ENVIRONMENTS, type EnvironmentName } from '../../../lambda/names/environments';
import { template } from '../synthesis';
import { resource, resources, text, type Loose } from '../templates';
import { REPLICATED } from '../variants';

const storage: Record<EnvironmentName, Template> = {
  dev: template('dev', 'Storage'),
  staging: template('staging', 'Storage'),
  prod: template('prod', 'Storage'),
};
const bucketOf = (it: Template) => resource(it, 'AWS::S3::Bucket', 'Bucket').Properties;

describe('the bucket', () => {
  it.each(ENVIRONMENTS)('of %s has its name by contract, or by BUCKET_PREFIX', (name) => {
    expect(bucketOf(storage[name]).BucketName).toBe(`foresight-${name}-medical-codes`);
    expect(bucketOf(template(name, 'Storage', { BUCKET_PREFIX: 'acme' })).BucketName).toBe(
      `acme-${name}-medical-codes`,
    );
  });

  it.each(ENVIRONMENTS)(
    'of %s is versioned, encrypted under a key of its own, private and announces new objects',
    (name) => {
      expect(bucketOf(storage[name])).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        LoggingConfiguration: { DestinationBucketName: expect.anything() },
      });
    },
  );

  it.each(ENVIRONMENTS)('of %s can lock backups and locks nothing by default', (name) => {
    const bucket = bucketOf(storage[name]);
    expect(bucket.ObjectLockEnabled).toBe(true);
    expect(bucket.ObjectLockConfiguration?.Rule).toBeUndefined();
  });

  it.each(ENVIRONMENTS)('of %s answers over TLS only', (name) => {
    storage[name].hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: Match.anyValue(),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  const short = [{ StorageClass: 'STANDARD_IA', TransitionInDays: 30 }];
  it.each([
    ['dev', short, 90],
    ['staging', short, 90],
    ['prod', [...short, { StorageClass: 'GLACIER', TransitionInDays: 90 }], 365],
  ] as const)('of %s ages backups and nothing else', (name, transitions, days) => {
    const rules = bucketOf(storage[name]).LifecycleConfiguration.Rules as Record<string, unknown>[];
    expect(rules.filter((rule) => 'ExpirationInDays' in rule || 'Transitions' in rule)).toEqual([
      {
        Id: 'backups',
        Status: 'Enabled',
        Prefix: 'backups/',
        ExpirationInDays: days,
        Transitions: transitions,
      },
    ]);
    expect(rules.find(({ Id }) => Id === 'leftovers')).toEqual({
      Id: 'leftovers',
      Status: 'Enabled',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      ExpiredObjectDeleteMarker: true,
    });
  });
});

describe('removal', () => {
  const stateful = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'];

  it.each([
    ['dev', 'Delete', 'Delete'],
    // Kept, but for what a failed first deployment made: that would stand in the way of the next.
    ['staging', 'RetainExceptOnCreate', 'Retain'],
    ['prod', 'RetainExceptOnCreate', 'Retain'],
  ] as const)('of the stack in %s means: %s', (name, deletion, replacement) => {
    for (const type of stateful) {
      for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of resources(storage[name], type)) {
        expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, deletion, replacement]);
      }
    }
  });

  it('would lose data if one of these names changed, so they never do', () => {
    for (const name of ENVIRONMENTS) {
      const ids = stateful.flatMap((type) => resources(storage[name], type).map(([id]) => id));
      expect(ids.sort()).toEqual([
        'AccessLogs8B620ECA',
        'Bucket83908E77',
        'BucketKey7092080A',
        'RedisSecretCB3BD971',
        'ServiceKey5A47A26D',
      ]);
    }
    const replica = template('prod', 'Replica', REPLICATED);
    expect(stateful.flatMap((type) => resources(replica, type).map(([id]) => id)).sort()).toEqual([
      'ReplicaBucketB570B599',
      'ReplicaKey4DE8F013',
    ]);
  });
});

describe('the Redis secret', () => {
  it.each(ENVIRONMENTS)(
    'of %s has its name by contract, a key and a placeholder that is no connection string',
    (name) => {
      const secret = resource(storage[name], 'AWS::SecretsManager::Secret').Properties;
      expect(secret.Name).toBe(`medical-codes/${name}/redis`);
      expect(text(secret.KmsKeyId)).toMatch(/^<ServiceKey/);
      expect(secret.SecretString).toBeUndefined();
      expect(secret.GenerateSecretString).toEqual({ ExcludePunctuation: true, PasswordLength: 32 });
    },
  );
});

describe('keys', () => {
  it('rotate every year', () => {
    for (const name of ENVIRONMENTS) {
      for (const [, { Properties }] of resources(storage[name], 'AWS::KMS::Key')) {
        expect(Properties.EnableKeyRotation).toBe(true);
      }
    }
  });
});

describe('Redis Cloud', () => {
  const principal = 'arn:aws:iam::168085023892:root';

  it('is let in nowhere by default', () => {
    expect(JSON.stringify(storage.prod.toJSON())).not.toContain('168085023892');
  });

  it('may write backups under their prefix and use the bucket’s key, but never the secret’s', () => {
    const it = template('prod', 'Storage', { REDIS_CLOUD_BACKUPS: 'on' });
    const statements = resource(it, 'AWS::S3::BucketPolicy', 'Bucket').Properties.PolicyDocument
      .Statement as Loose[];
    const own = statements.filter(({ Principal }) => Principal?.AWS === principal);
    expect(own).toHaveLength(1);
    expect(own[0].Action).toEqual(['s3:DeleteObject', 's3:GetObject', 's3:PutObject']);
    expect(text(own[0].Resource)).toBe('<Bucket83908E77.Arn>/backups/redis/hourly/*');
    const keys = resources(it, 'AWS::KMS::Key').filter(([, key]) =>
      JSON.stringify(key).includes('168085023892'),
    );
    expect(keys.map(([id]) => id)).toEqual(['BucketKey7092080A']);
  });
});

describe('the replica', () => {
  it('exists only with REPLICA_REGION, in that region', () => {
    expect(() => template('prod', 'Replica')).toThrow();
    expect(bucketOf(storage.prod).ReplicationConfiguration).toBeUndefined();
  });

  it('gets every object and its deletion, re-encrypted under a key of its own region', () => {
    const { ReplicationConfiguration } = bucketOf(template('prod', 'Storage', REPLICATED));
    expect(ReplicationConfiguration.Rules).toEqual([
      expect.objectContaining({
        Status: 'Enabled',
        DeleteMarkerReplication: { Status: 'Enabled' },
        SourceSelectionCriteria: expect.objectContaining({ SseKmsEncryptedObjects: { Status: 'Enabled' } }),
        Destination: expect.objectContaining({ Bucket: 'arn:aws:s3:::foresight-prod-medical-codes-replica' }),
      }),
    ]);
    const target = resource(template('prod', 'Replica', REPLICATED), 'AWS::S3::Bucket').Properties;
    expect(target).toMatchObject({
      BucketName: 'foresight-prod-medical-codes-replica',
      ObjectLockEnabled: true,
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });
});

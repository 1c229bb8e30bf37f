import { template } from './synthesis';
import { resource, resources, text } from './templates';
import { API_SECRET, PEERED, REDIS_CLOUD_ROTATION } from './variants';

const BUCKET = 'arn:<AWS::Partition>:s3:::foresight-prod-medical-codes';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** What a function may do: action → resources, both as text, without logs, traces and failed events. */
function privileges(
  part: string,
  id: string,
  variables: Record<string, string> = {},
): Record<string, string[]> {
  const { Statement } = resource(template('prod', part, variables), 'AWS::IAM::ManagedPolicy', id).Properties
    .PolicyDocument;
  const found: Record<string, string[]> = {};
  for (const { Effect, Action, Resource } of Statement as Statement[]) {
    if (Effect !== 'Allow') continue;
    for (const action of [Action].flat()) {
      if (/^(logs|xray|sqs):/.test(action)) continue;
      found[action] = [...(found[action] ?? []), ...[Resource].flat().map(text)].sort();
    }
  }
  return found;
}

const secret = expect.stringMatching(/^<MedicalCodes-prod-Storage:.*RedisSecret/);
const bucketKey = expect.stringMatching(/^<MedicalCodes-prod-Storage:.*BucketKey/);
const secretKey = expect.stringMatching(/^<MedicalCodes-prod-Storage:.*ServiceKey/);
const catalog = [`${BUCKET}/catalog/current.json`, `${BUCKET}/catalog/releases/*`];
const readSecret = { 'secretsmanager:GetSecretValue': [secret] };

describe('least privilege: nothing but this', () => {
  it('lookup reads the catalog, the teams’ lists and the secret', () => {
    expect(privileges('Lookup', 'Lookup')).toEqual({
      ...readSecret,
      's3:GetObject': [...catalog, `${BUCKET}/teams/*`],
      's3:ListBucket': [BUCKET],
      'kms:Decrypt': [bucketKey, secretKey],
    });
  });

  it('backup writes, locks, resumes and cleans up under its own prefix', () => {
    const own = [`${BUCKET}/backups/redis/hourly/*`];
    expect(privileges('Operations', 'Backup')).toEqual({
      ...readSecret,
      's3:PutObject': own,
      's3:PutObjectRetention': own,
      's3:AbortMultipartUpload': own,
      's3:ListMultipartUploadParts': own,
      's3:GetObject': own,
      's3:DeleteObject': own,
      's3:ListBucket': [BUCKET],
      'kms:Decrypt': [bucketKey, secretKey],
      'kms:GenerateDataKey': [bucketKey],
    });
  });

  it('the monitor lists backups and reads no object', () => {
    expect(privileges('Operations', 'CacheMonitor')).toEqual({
      ...readSecret,
      's3:ListBucket': [BUCKET],
      'kms:Decrypt': [secretKey],
    });
    const { Statement } = resource(template('prod', 'Operations'), 'AWS::IAM::ManagedPolicy', 'CacheMonitor')
      .Properties.PolicyDocument;
    const list = (Statement as Statement[]).find(({ Action }) => Action === 's3:ListBucket');
    expect(list?.Condition).toEqual({ StringLike: { 's3:prefix': 'backups/redis/hourly/*' } });
  });

  it('hot-codes reads the catalog and writes the teams’ lists', () => {
    expect(privileges('Operations', 'HotCodes')).toEqual({
      ...readSecret,
      's3:GetObject': [...catalog, `${BUCKET}/teams/*`],
      's3:PutObject': [`${BUCKET}/teams/*`],
      's3:ListBucket': [BUCKET],
      'kms:Decrypt': [bucketKey, secretKey],
      'kms:GenerateDataKey': [bucketKey],
    });
  });

  it('the warmer reads the catalog and the teams’ lists', () => {
    expect(privileges('Operations', 'CacheWarmer')).toEqual({
      ...readSecret,
      's3:GetObject': [...catalog, `${BUCKET}/teams/*`],
      's3:ListBucket': [BUCKET],
      'kms:Decrypt': [bucketKey, secretKey],
    });
  });

  it('rotation handles versions of the one secret, and no object at all', () => {
    const rotate = {
      'secretsmanager:DescribeSecret': [secret],
      'secretsmanager:PutSecretValue': [secret],
      'secretsmanager:UpdateSecretVersionStage': [secret],
      'kms:Decrypt': [secretKey],
      'kms:GenerateDataKey': [secretKey],
    };
    expect(privileges('Operations', 'Rotation', { ROTATION_STRATEGY: 'acl' })).toEqual({
      ...rotate,
      ...readSecret,
    });
    expect(privileges('Operations', 'Rotation', REDIS_CLOUD_ROTATION)).toEqual({
      ...rotate,
      'secretsmanager:GetSecretValue': [secret, API_SECRET],
    });
  });
});

describe('every function', () => {
  const everything = { ...PEERED, ROTATION_STRATEGY: 'acl' };

  it.each(['Lookup', 'Operations'])('of %s has one policy of its own and no other', (part) => {
    const it = template('prod', part, everything);
    const roles = resources(it, 'AWS::IAM::Role');
    const policies = resources(it, 'AWS::IAM::ManagedPolicy');
    expect(policies).toHaveLength(roles.length);
    for (const [, { Properties }] of policies) expect(Properties.Roles).toHaveLength(1);
    for (const [, { Properties }] of roles) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      expect(Properties.Policies).toBeUndefined();
    }
    expect(resources(it, 'AWS::IAM::Policy')).toEqual([]);
  });

  it('uses keys through their one service only', () => {
    for (const part of ['Lookup', 'Operations']) {
      for (const [, { Properties }] of resources(
        template('prod', part, everything),
        'AWS::IAM::ManagedPolicy',
      )) {
        for (const { Action, Condition } of Properties.PolicyDocument.Statement as Statement[]) {
          if (![Action].flat().some((action) => action.startsWith('kms:'))) continue;
          expect(text(Condition?.StringEquals?.['kms:ViaService'])).toMatch(
            /^(s3|secretsmanager)\.<AWS::Region>/,
          );
        }
      }
    }
  });

  it('may join the VPC, which its own code may not', () => {
    const { Statement } = resource(template('prod', 'Lookup', everything), 'AWS::IAM::ManagedPolicy')
      .Properties.PolicyDocument;
    const network = (Statement as Statement[]).filter(({ Action }) =>
      [Action].flat().includes('ec2:CreateNetworkInterface'),
    );
    expect(network.map(({ Effect }) => Effect)).toEqual(['Allow', 'Deny']);
    expect(Object.keys(network[1]?.Condition?.ArnLike ?? {})).toEqual(['lambda:SourceFunctionArn']);
  });

  it('has a wildcard only where its reason is written down, and never as an action', () => {
    for (const part of ['Lookup', 'Operations']) {
      for (const [, { Properties }] of resources(
        template('prod', part, everything),
        'AWS::IAM::ManagedPolicy',
      )) {
        for (const { Effect, Action } of Properties.PolicyDocument.Statement as Statement[]) {
          if (Effect === 'Allow')
            expect([Action].flat().filter((action) => action.includes('*'))).toEqual([]);
        }
      }
    }
  });

  it('is called by its own trigger and nobody else', () => {
    const callers = (part: string) =>
      resources(template('prod', part, { ROTATION_STRATEGY: 'acl' }), 'AWS::Lambda::Permission').map(
        ([, { Properties }]) => {
          expect(Properties.SourceArn ?? Properties.SourceAccount).toBeDefined();
          return Properties.Principal as string;
        },
      );
    expect([...new Set(callers('Lookup'))]).toEqual(['apigateway.amazonaws.com']);
    expect([...new Set(callers('Operations'))].sort()).toEqual([
      'events.amazonaws.com',
      'secretsmanager.amazonaws.com',
    ]);
  });
});

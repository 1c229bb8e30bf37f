import type { App } from 'aws-cdk-lib';
import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';
import type { EnvironmentName } from '../../lambda/names/environments';
import type { Variables } from '../../lib/config/variables';
import { app, checkedApp, environmentApp } from './synthesis';
import { JWT, PEERED, REDIS_CLOUD_ROTATION, REPLICATED } from './variants';

// Two packs and the default rules over a whole environment take seconds on a busy machine.
const VARIANTS: [string, EnvironmentName, Variables][] = [
  ['dev as it comes', 'dev', {}],
  ['staging as it comes', 'staging', {}],
  ['prod as it comes', 'prod', {}],
  ['dev in a peered network', 'dev', PEERED],
  ['prod while its peering is pending', 'prod', { ...PEERED, REDIS_PEERING_ID: 'pending' }],
  ['prod in a peered network of a known region', 'prod', { ...PEERED, CDK_DEFAULT_REGION: 'us-east-1' }],
  ['prod with a replica', 'prod', REPLICATED],
  ['prod with Redis Cloud’s own backups', 'prod', { REDIS_CLOUD_BACKUPS: 'on' }],
  [
    'prod with JWT, a mailbox and no reserved concurrency',
    'prod',
    { ...JWT, ALARM_EMAIL: 'a@example.com', RESERVED_CONCURRENCY: 'off' },
  ],
  ['prod rotating by ACL', 'prod', { ROTATION_STRATEGY: 'acl' }],
  ['prod rotating at Redis Cloud', 'prod', REDIS_CLOUD_ROTATION],
  [
    'prod with everything',
    'prod',
    { ...PEERED, ...REPLICATED, ...JWT, REDIS_CLOUD_BACKUPS: 'on', ROTATION_STRATEGY: 'acl' },
  ],
];

describe('AWS Solutions, HIPAA Security and CloudFormation’s own rules', () => {
  it.each(VARIANTS)('have nothing to say about %s', (_what, name, variables) => {
    expect(() => checkedApp(name, variables).synth()).not.toThrow();
  });

  it('would say it: an unencrypted topic without TLS is refused', () => {
    const it = watched();
    new Topic(new Stack(it, 'Bad'), 'Topic');
    expect(() => it.synth()).toThrow(/SNS3/);
  });

  it('would say it: a property that CloudFormation does not know is refused', () => {
    const it = app();
    new CfnResource(new Stack(it, 'Bad'), 'Bucket', {
      type: 'AWS::S3::Bucket',
      properties: { Colour: 'red' },
    });
    expect(() => it.synth()).toThrow(/Colour/);
  });
});

describe('acknowledgements', () => {
  it.each(VARIANTS)('of %s give a reason, each for a rule of its own', (_what, name, variables) => {
    const found = acknowledgements(environmentApp(name, variables));
    expect(found.length).toBeGreaterThan(5);
    for (const { id, reason } of found) {
      expect(id).toMatch(
        /^(AwsSolutions::AwsSolutions|HIPAA\.Security::HIPAA\.Security)-[A-Za-z0-9]+(\[Resource::.+\])?$/,
      );
      expect(reason.length).toBeGreaterThan(25);
    }
  });

  it('cover no wildcard action, in any variant', () => {
    const ids = VARIANTS.flatMap(([, name, variables]) => acknowledgements(environmentApp(name, variables)));
    expect(ids.filter(({ id }) => id.includes('Action::'))).toEqual([]);
  });
});

function watched(): App {
  const it = app();
  Validations.of(it).addPlugins(new AwsSolutionsChecks(it), new HIPAASecurityChecks(it));
  return it;
}

function acknowledgements(root: App): { id: string; reason: string }[] {
  return (
    root.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ id, reason }))
      // The CDK's VPC acknowledges a rule of CloudFormation by itself.
      .filter(({ id }) => !id.startsWith('CloudFormation-Validate::'))
  );
}

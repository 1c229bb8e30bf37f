import { template } from '../synthesis';
import { resource, resources, text } from '../templates';
import { PEERED } from '../variants';

const network = template('prod', 'Network', PEERED);

describe('without peering', () => {
  it('there is no network, and no function is in one', () => {
    expect(() => template('prod', 'Network')).toThrow();
    for (const part of ['Lookup', 'Operations']) {
      for (const [, { Properties }] of resources(template('prod', part), 'AWS::Lambda::Function')) {
        expect(Properties).not.toHaveProperty('VpcConfig');
      }
    }
  });
});

describe('a network whose peering is pending', () => {
  const pending = { ...PEERED, REDIS_PEERING_ID: 'pending' };

  it('is there to ask the peering for, and routes nowhere', () => {
    const early = template('prod', 'Network', pending);
    expect(resources(early, 'AWS::EC2::VPC')).toHaveLength(1);
    expect(resources(early, 'AWS::EC2::Route')).toEqual([]);
    expect(early.findOutputs('VpcId')).toHaveProperty('VpcId');
  });

  it('holds no function yet', () => {
    for (const part of ['Lookup', 'Operations']) {
      for (const [, { Properties }] of resources(template('prod', part, pending), 'AWS::Lambda::Function')) {
        expect(Properties).not.toHaveProperty('VpcConfig');
      }
    }
  });

  it('becomes the peered one without anything being replaced', () => {
    const ids = (variables: Record<string, string>): string[] =>
      Object.keys(template('prod', 'Network', variables).toJSON().Resources as object);
    expect(ids(PEERED)).toEqual(expect.arrayContaining(ids(pending)));
  });
});

describe('the peered network', () => {
  it('puts every function into isolated subnets behind one security group', () => {
    for (const part of ['Lookup', 'Operations']) {
      const functions = resources(
        template('prod', part, { ...PEERED, ROTATION_STRATEGY: 'acl' }),
        'AWS::Lambda::Function',
      );
      for (const [, { Properties }] of functions) {
        expect(Properties.VpcConfig.SubnetIds).toHaveLength(2);
        expect(Properties.VpcConfig.SecurityGroupIds).toHaveLength(1);
      }
    }
  });

  it('has no way to the internet', () => {
    for (const type of [
      'AWS::EC2::NatGateway',
      'AWS::EC2::InternetGateway',
      'AWS::EC2::EIP',
      'AWS::EC2::EgressOnlyInternetGateway',
    ]) {
      expect(resources(network, type)).toEqual([]);
    }
    for (const [, { Properties }] of resources(network, 'AWS::EC2::Subnet')) {
      expect(Properties.MapPublicIpOnLaunch).toBe(false);
    }
  });

  it('routes to Redis from the table of every subnet, and nowhere else', () => {
    const tables = resources(network, 'AWS::EC2::RouteTable').map(([id]) => `<${id}>`);
    const routes = resources(network, 'AWS::EC2::Route').map(([, { Properties }]) => Properties);
    expect(tables).toHaveLength(2);
    expect(routes.map(({ RouteTableId }) => text(RouteTableId)).sort()).toEqual(tables.sort());
    for (const route of routes) {
      expect(route).toMatchObject({
        DestinationCidrBlock: '10.20.0.0/24',
        VpcPeeringConnectionId: PEERED.REDIS_PEERING_ID,
      });
    }
  });

  it('lets functions out to Redis’s ports, the endpoints and S3, and to nothing else', () => {
    const group = resource(network, 'AWS::EC2::SecurityGroup', 'Functions').Properties;
    const egress = [
      ...(group.SecurityGroupEgress as Record<string, unknown>[]),
      ...resources(network, 'AWS::EC2::SecurityGroupEgress').map(([, { Properties }]) => Properties),
    ].map((rule) => [
      text(rule.CidrIp ?? rule.DestinationPrefixListId ?? rule.DestinationSecurityGroupId),
      rule.IpProtocol,
      rule.FromPort,
      rule.ToPort,
    ]);
    expect(egress).toEqual([
      ['10.20.0.0/24', 'tcp', 12345, 12345],
      ['10.20.0.0/24', 'tcp', 12346, 12346],
      [expect.stringContaining('FindInMap'), 'tcp', 443, 443],
      [expect.stringMatching(/^<Endpoints/), 'tcp', 443, 443],
    ]);
    expect(group.SecurityGroupIngress).toBeUndefined();
  });

  it('names the region’s S3 prefix list once the region is known', () => {
    const it = template('prod', 'Network', { ...PEERED, CDK_DEFAULT_REGION: 'eu-central-1' });
    expect(JSON.stringify(resources(it, 'AWS::EC2::SecurityGroupEgress'))).toContain('pl-6ea54007');
  });

  it('has endpoints for S3, Secrets Manager and logs, open to the functions alone', () => {
    const endpoints = resources(network, 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) => Properties);
    expect(
      endpoints.map((one) => [one.VpcEndpointType, text(one.ServiceName).replace(/^.*\./, '')]).sort(),
    ).toEqual([
      ['Gateway', 's3'],
      ['Interface', 'logs'],
      ['Interface', 'secretsmanager'],
    ]);
    const ingress = resources(network, 'AWS::EC2::SecurityGroupIngress').map(
      ([, { Properties }]) => Properties,
    );
    expect(ingress).toHaveLength(1);
    expect(text(ingress[0]?.SourceSecurityGroupId)).toMatch(/^<Functions/);
    const s3 = endpoints.find((one) => one.VpcEndpointType === 'Gateway');
    expect(s3?.RouteTableIds).toHaveLength(2);
    const allowed = (s3?.PolicyDocument.Statement as { Resource: unknown[] }[]).flatMap(({ Resource }) =>
      Resource.map(text),
    );
    expect(allowed).toEqual([
      'arn:<AWS::Partition>:s3:::foresight-prod-medical-codes',
      'arn:<AWS::Partition>:s3:::foresight-prod-medical-codes/*',
    ]);
  });

  it('logs its traffic', () => {
    expect(resource(network, 'AWS::EC2::FlowLog').Properties.TrafficType).toBe('ALL');
  });
});

import { Aws, CfnMapping, CfnOutput, Fn } from 'aws-cdk-lib';
import {
  CfnRoute,
  FlowLog,
  FlowLogDestination,
  FlowLogResourceType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { encryptedLogs } from '../functions/encrypted-logs';
import { restrictedToBucket, restrictedToSecrets } from './endpoint-policies';
import { flowLogRole } from './flow-log-role';
import type { FunctionNetwork } from '../functions/function-network';
import type { EnvironmentConfig } from '../config/environments';
import { EnvironmentStack } from '../environment-stack';
import type { NetworkConfig } from '../config/network';
import { S3_PREFIX_LISTS } from './s3-prefix-lists';
import type { StorageStack } from '../storage/storage-stack';

const SUBNETS = { subnetType: SubnetType.PRIVATE_ISOLATED };
const HTTPS = Port.tcp(443);

/**
 * Where the functions run when Redis serves its own VPC only: isolated subnets, one way to Redis through the
 * peering, and endpoints for what else they call. There is no way to the internet.
 */
export class NetworkStack extends EnvironmentStack {
  /** Undefined while the peering is pending: functions inside would not reach Redis. */
  readonly functions: FunctionNetwork | undefined;
  readonly #vpc: Vpc;

  constructor(
    scope: Construct,
    private readonly config: EnvironmentConfig,
    private readonly network: NetworkConfig,
    private readonly storage: StorageStack,
  ) {
    super(scope, 'Network', config, 'peered network of the functions');
    this.#vpc = this.#createVpc();
    this.#logTraffic(storage.serviceKey);
    this.#routeToRedis();
    const securityGroup = this.#functionsGroup();
    this.#addEndpoints(securityGroup);
    const peered = network.peeringId !== undefined;
    this.functions = peered ? { vpc: this.#vpc, subnets: SUBNETS, securityGroup } : undefined;
    // The peering is asked for by this id.
    new CfnOutput(this, 'VpcId', { value: this.#vpc.vpcId });
  }

  /** Two zones of whatever region it is; asking AWS for their names would need an account at synthesis. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }

  #createVpc(): Vpc {
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(this.network.vpcCidr),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'functions', subnetType: SubnetType.PRIVATE_ISOLATED }],
      restrictDefaultSecurityGroup: false,
    });
    acknowledge(
      vpc,
      'HIPAA.Security-VPCDefaultSecurityGroupClosed',
      'Nothing uses the default group. Closing it takes a custom resource whose function may change any ' +
        'security group, which is the greater risk; the account’s Security Hub control EC2.2 covers it.',
    );
    return vpc;
  }

  #logTraffic(key: IKey): void {
    const logs = encryptedLogs(this, 'FlowLogs', this.config, key);
    new FlowLog(this, 'FlowLog', {
      resourceType: FlowLogResourceType.fromVpc(this.#vpc),
      destination: FlowLogDestination.toCloudWatchLogs(logs, flowLogRole(this, logs)),
    });
  }

  /** Every subnet has a table of its own; one without the route would fail for half of the calls. */
  #routeToRedis(): void {
    const { peeringId, redisCidr } = this.network;
    if (peeringId === undefined) return;
    this.#vpc.isolatedSubnets.forEach((subnet, index) => {
      new CfnRoute(this, `RedisRoute${index + 1}`, {
        routeTableId: subnet.routeTable.routeTableId,
        destinationCidrBlock: redisCidr,
        vpcPeeringConnectionId: peeringId,
      });
    });
  }

  #functionsGroup(): SecurityGroup {
    const group = new SecurityGroup(this, 'Functions', {
      vpc: this.#vpc,
      description: 'Functions: to Redis and the endpoints, nothing else',
      allowAllOutbound: false,
    });
    for (const port of this.config.redis.ports) {
      group.addEgressRule(Peer.ipv4(this.network.redisCidr), Port.tcp(port), 'Redis through the peering');
    }
    return group;
  }

  #addEndpoints(functions: SecurityGroup): void {
    const { bucketArn } = this.storage;
    const s3 = this.#vpc.addGatewayEndpoint('S3', {
      service: GatewayVpcEndpointAwsService.S3,
      subnets: [SUBNETS],
    });
    s3.addToPolicy(restrictedToBucket(bucketArn));
    functions.addEgressRule(Peer.prefixList(this.#s3PrefixList()), HTTPS, 'S3 through its gateway endpoint');

    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc: this.#vpc,
      description: 'Endpoints: from the functions only',
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(functions, HTTPS, 'From the functions');
    functions.addEgressRule(endpoints, HTTPS, 'Interface endpoints');
    const shared = { subnets: SUBNETS, securityGroups: [endpoints], open: false };
    const secrets = this.#vpc.addInterfaceEndpoint('SecretsManager', {
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      ...shared,
    });
    secrets.addToPolicy(restrictedToSecrets(this.account));
    this.#vpc.addInterfaceEndpoint('Logs', {
      service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
      ...shared,
    });
  }

  #s3PrefixList(): string {
    if (this.network.s3PrefixListId !== undefined) return this.network.s3PrefixListId;
    const mapping = Object.entries(S3_PREFIX_LISTS).map(([region, id]) => [region, { id }] as const);
    return new CfnMapping(this, 'S3PrefixLists', { mapping: Object.fromEntries(mapping) }).findInMap(
      Aws.REGION,
      'id',
    );
  }
}

import { Duration } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { holdsConnectionString } from '../../lambda/redis/connection-string';
import type { FunctionName } from '../../lambda/names/functions';
import { SETTING } from '../../lambda/names/settings';
import type { EnvironmentConfig } from '../config/environments';
import { acknowledge } from '../acknowledge';
import { encryptedLogs } from './encrypted-logs';
import { functionCode } from './function-code';
import type { FunctionNetwork } from './function-network';
import { denyCodeTheNetwork, networkInterfaces } from './network-interfaces';
import { acknowledgeWildcards, statement, type Permission } from './permission';

export interface MedicalFunctionProps {
  readonly name: FunctionName;
  readonly config: EnvironmentConfig;
  readonly memoryMb: number;
  readonly timeout: Duration;
  /** Variables by their names in `SETTING`. ARNs and figures only: whoever may see the function sees them. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the function may do, besides writing its own logs and traces. */
  readonly permissions: readonly Permission[];
  /** Encrypts its logs. */
  readonly logKey: IKey;
  readonly network?: FunctionNetwork;
  /** Retries after a failed asynchronous call. Undefined for a function that is only called synchronously. */
  readonly asyncRetries?: number;
}

const KNOWN_SETTINGS: readonly string[] = Object.values(SETTING);

/**
 * A function of this app with everything that all of them share: runtime, architecture, tracing, encrypted
 * logs with an end, reserved concurrency from the Redis plan, a dead-letter queue for what nobody waits for,
 * and a role that holds exactly the permissions listed here.
 */
export class MedicalFunction extends Construct {
  readonly name: FunctionName;
  readonly memoryMb: number;
  readonly function: Function;
  readonly logGroup: LogGroup;
  /** Where events end that failed every retry; undefined for a synchronous function. */
  readonly deadLetters?: Queue;

  constructor(scope: Construct, id: string, props: MedicalFunctionProps) {
    super(scope, id);
    const { name, config, network } = props;
    this.name = name;
    this.memoryMb = props.memoryMb;
    this.logGroup = encryptedLogs(this, 'Logs', config, props.logKey);
    if (props.asyncRetries !== undefined) this.deadLetters = this.#queue();

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What the ${name} function may do in ${config.name}`,
    });
    const permissions = [...this.#ownPermissions(network !== undefined), ...props.permissions];
    // A managed policy instead of an inline one, so that it can be reviewed and audited by itself.
    const policy = new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [...permissions.map(statement), ...(network ? [denyCodeTheNetwork(this)] : [])],
    });
    acknowledgeWildcards(policy, permissions);
    const concurrency = config.concurrency?.[name];
    this.function = new Function(this, 'Function', {
      description: `medical-codes ${config.name}: ${name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode(name),
      memorySize: props.memoryMb,
      timeout: props.timeout,
      environment: { ...props.settings },
      logGroup: this.logGroup,
      tracing: Tracing.ACTIVE,
      // Nothing may be added to the role behind this list's back.
      role: role.withoutPolicyUpdates(),
      ...(network && {
        vpc: network.vpc,
        vpcSubnets: network.subnets,
        securityGroups: [network.securityGroup],
      }),
      ...(concurrency !== undefined && { reservedConcurrentExecutions: concurrency }),
      ...(this.deadLetters && { deadLetterQueue: this.deadLetters }),
      ...(props.asyncRetries !== undefined && { retryAttempts: props.asyncRetries }),
    });
    this.function.node.addDependency(policy);
    this.node.addValidation({ validate: () => misspeltSettings(name, props.settings) });
    this.#acknowledge(props);
  }

  #queue(): Queue {
    const queue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(
      queue,
      'AwsSolutions-SQS3',
      'This is a dead-letter queue itself; what fails there stays for an operator to read.',
    );
    return queue;
  }

  #ownPermissions(inVpc: boolean): Permission[] {
    const logs = {
      sid: 'WriteOwnLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [this.logGroup.logGroupArn],
    };
    const traces = {
      sid: 'WriteTraces',
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
      wildcard: 'X-Ray and the network interfaces of Lambda accept no resource in their permissions.',
    };
    const failures = this.deadLetters && {
      sid: 'KeepFailedEvents',
      actions: ['sqs:SendMessage'],
      resources: [this.deadLetters.queueArn],
    };
    return [logs, traces, ...(failures ? [failures] : []), ...(inVpc ? [networkInterfaces] : [])];
  }

  #acknowledge(props: MedicalFunctionProps): void {
    if (props.asyncRetries === undefined) {
      acknowledge(
        this.function,
        'HIPAA.Security-LambdaDLQ',
        'Called synchronously only: the caller gets the error, so no event can be lost.',
      );
    }
    if (!props.network) {
      acknowledge(
        this.function,
        'HIPAA.Security-LambdaInsideVPC',
        'Redis is reached by its public endpoint here; with peering the function joins the VPC.',
      );
    }
    if (!props.config.concurrency) {
      acknowledge(
        this.function,
        'HIPAA.Security-LambdaConcurrency',
        'Switched off by RESERVED_CONCURRENCY for an account whose quota is too small to reserve from.',
      );
    }
  }
}

/** A setting that no handler reads, or a value that looks like the one thing that must not be here. */
function misspeltSettings(name: FunctionName, settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([setting, value]) => [
    ...(KNOWN_SETTINGS.includes(setting) ? [] : [`${name}: no handler reads a setting named ${setting}`]),
    ...(holdsConnectionString(value)
      ? [`${name}: ${setting} holds a connection string; pass the secret's ARN`]
      : []),
  ]);
}

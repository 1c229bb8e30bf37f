import { Duration, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { SETTING } from '../../lambda/names/settings';
import type { EnvironmentConfig } from '../config/environments';
import type { RotationConfig } from '../config/rotation';
import type { StorageStack } from '../storage/storage-stack';
import type { FunctionNetwork } from '../functions/function-network';
import { functionSettings } from '../functions/function-settings';
import { MedicalFunction } from '../functions/medical-function';
import type { Permission } from '../functions/permission';
import { Permissions } from '../functions/permissions';

type ActiveRotation = Exclude<RotationConfig, { strategy: 'off' }>;

export interface SecretRotationProps {
  readonly config: EnvironmentConfig;
  readonly rotation: ActiveRotation;
  readonly storage: StorageStack;
  readonly network?: FunctionNetwork;
}

/** The function that changes the Redis password, and its schedule where the environment has one. */
export class SecretRotation extends Construct {
  readonly function: MedicalFunction;

  constructor(scope: Construct, id: string, { config, rotation, storage, network }: SecretRotationProps) {
    super(scope, id);
    this.function = new MedicalFunction(this, 'SecretRotation', {
      name: 'secret-rotation',
      config,
      memoryMb: 256,
      // Redis Cloud may take minutes for one change, and every step is a call of its own.
      timeout: Duration.minutes(5),
      settings: { ...functionSettings(config, storage), ...rotationSettings(rotation) },
      permissions: rotationPermissions(new Permissions(this, storage), rotation, storage),
      logKey: storage.serviceKey,
      asyncRetries: 2,
      ...(network && { network }),
    });
    this.function.function.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
      sourceArn: storage.redisSecret.secretArn,
    });
    if (config.rotationDays === undefined) return;
    // Beside the function, not beside the secret: the other way round the two stacks would need each other.
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: storage.redisSecret.secretArn,
      rotationLambdaArn: this.function.function.functionArn,
      rotationRules: { automaticallyAfterDays: config.rotationDays },
      // The first deployment has yet to put the connection string in.
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(this.function);
  }
}

function rotationSettings(rotation: ActiveRotation): Record<string, string> {
  const strategy = { [SETTING.rotationStrategy]: rotation.strategy };
  if (rotation.strategy === 'acl') return strategy;
  return {
    ...strategy,
    [SETTING.redisCloudApiSecretArn]: rotation.apiSecretArn,
    [SETTING.redisCloudAclUsers]: rotation.aclUsers,
    ...(rotation.apiUrl && { [SETTING.redisCloudApiUrl]: rotation.apiUrl }),
  };
}

function rotationPermissions(
  may: Permissions,
  rotation: ActiveRotation,
  storage: StorageStack,
): Permission[] {
  const rotate = {
    sid: 'RotateRedisSecret',
    actions: [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    resources: [storage.redisSecret.secretArn],
  };
  const key = may.secretKey('kms:Decrypt', 'kms:GenerateDataKey');
  if (rotation.strategy === 'acl') return [rotate, key];
  const api = {
    sid: 'ReadRedisCloudKeys',
    actions: ['secretsmanager:GetSecretValue'],
    resources: [rotation.apiSecretArn],
  };
  return [rotate, key, api];
}

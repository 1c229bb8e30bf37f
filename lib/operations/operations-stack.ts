import { Duration } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { layout } from '../../lambda/catalog/layout';
import type { FunctionName } from '../../lambda/names/functions';
import type { FunctionNetwork } from '../functions/function-network';
import { functionSettings } from '../functions/function-settings';
import { MedicalFunction } from '../functions/medical-function';
import type { Permission } from '../functions/permission';
import { Permissions } from '../functions/permissions';
import { onCheckpoint, onPublish, onSchedule } from '../functions/triggers';
import { SecretRotation } from './secret-rotation';
import type { EnvironmentConfig } from '../config/environments';
import { EnvironmentStack } from '../environment-stack';
import type { StorageStack } from '../storage/storage-stack';

/** Lambda's longest. */
const LONGEST = Duration.minutes(15);

interface Sizing {
  readonly memoryMb: number;
  readonly timeout: Duration;
  readonly asyncRetries: number;
}

/** What runs besides lookups: backups, the monitor, hot codes, warming and rotation. */
export class OperationsStack extends EnvironmentStack {
  readonly functions: readonly MedicalFunction[];
  readonly backup: MedicalFunction;
  readonly monitor: MedicalFunction;

  constructor(
    scope: Construct,
    private readonly config: EnvironmentConfig,
    private readonly storage: StorageStack,
    private readonly network?: FunctionNetwork,
  ) {
    super(scope, 'Operations', config, 'backups, monitor, hot codes, warming, rotation');
    this.backup = this.#addBackup();
    this.monitor = this.#addMonitor();
    const hotCodes = this.#addHotCodes();
    const warmer = this.#addWarmer();
    const { rotation } = config;
    const rotate =
      rotation.strategy === 'off'
        ? undefined
        : new SecretRotation(this, 'Rotation', { config, rotation, storage, ...(network && { network }) })
            .function;
    this.functions = [this.backup, this.monitor, hotCodes, warmer, ...(rotate ? [rotate] : [])];
  }

  #addBackup(): MedicalFunction {
    const may = new Permissions(this, this.storage);
    const { prefix, schedule } = this.config.backup;
    const backup = this.#add(
      'Backup',
      'backup',
      // Two pieces of 8 MB in flight and zstd's window; the CPU that comes with it carries the compression.
      { memoryMb: 1024, timeout: LONGEST, asyncRetries: 1 },
      [
        may.objects(
          'WriteBackups',
          [
            's3:PutObject',
            's3:PutObjectRetention',
            's3:AbortMultipartUpload',
            's3:ListMultipartUploadParts',
            's3:GetObject',
            's3:DeleteObject',
          ],
          [prefix],
        ),
        may.knowAbsence(),
        may.bucketKey('kms:Decrypt', 'kms:GenerateDataKey'),
      ],
    );
    onCheckpoint(backup, this.config.bucketName, prefix);
    if (schedule !== undefined) onSchedule(backup, Schedule.expression(schedule));
    return backup;
  }

  #addMonitor(): MedicalFunction {
    const may = new Permissions(this, this.storage);
    const monitor = this.#add(
      'CacheMonitor',
      'cache-monitor',
      // The next minute asks again anyway.
      { memoryMb: 256, timeout: Duration.seconds(30), asyncRetries: 0 },
      [may.list(this.config.backup.prefix)],
    );
    onSchedule(monitor, Schedule.rate(Duration.minutes(1)));
    return monitor;
  }

  #addHotCodes(): MedicalFunction {
    const may = new Permissions(this, this.storage);
    const hotCodes = this.#add(
      'HotCodes',
      'hot-codes',
      { memoryMb: 512, timeout: Duration.minutes(10), asyncRetries: 0 },
      [
        may.read('ReadCatalog', [layout.pointer, layout.releases]),
        may.objects('RankHotCodes', ['s3:GetObject', 's3:PutObject'], [layout.teams]),
        may.knowAbsence(),
        may.bucketKey('kms:Decrypt', 'kms:GenerateDataKey'),
      ],
    );
    if (this.config.usageCounting) onSchedule(hotCodes, Schedule.rate(Duration.minutes(15)));
    return hotCodes;
  }

  #addWarmer(): MedicalFunction {
    const may = new Permissions(this, this.storage);
    const warmer = this.#add(
      'CacheWarmer',
      'cache-warmer',
      { memoryMb: 1024, timeout: LONGEST, asyncRetries: 2 },
      [
        may.read('ReadCatalogAndTeams', [layout.pointer, layout.releases, layout.teams]),
        may.knowAbsence(),
        may.bucketKey('kms:Decrypt'),
      ],
    );
    onPublish(warmer, this.config.bucketName);
    return warmer;
  }

  /** One of the functions that live on Redis and the bucket. */
  #add(id: string, name: FunctionName, sizing: Sizing, permissions: Permission[]): MedicalFunction {
    const { config, storage, network } = this;
    return new MedicalFunction(this, id, {
      name,
      config,
      ...sizing,
      settings: functionSettings(config, storage),
      permissions: [...permissions, ...new Permissions(this, storage).redisSecret()],
      logKey: storage.serviceKey,
      ...(network && { network }),
    });
  }
}

import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { layout } from '../../lambda/catalog/layout';
import { LOOKUP_TIMEOUT_SECONDS } from '../../lambda/names/functions';
import { functionSettings } from '../functions/function-settings';
import type { FunctionNetwork } from '../functions/function-network';
import { LookupApi } from './lookup-api';
import { MedicalFunction } from '../functions/medical-function';
import { Permissions } from '../functions/permissions';
import type { EnvironmentConfig } from '../config/environments';
import { EnvironmentStack } from '../environment-stack';
import type { StorageStack } from '../storage/storage-stack';

/** The API and the one function behind it. */
export class LookupStack extends EnvironmentStack {
  readonly lookup: MedicalFunction;
  readonly api: LookupApi;

  constructor(scope: Construct, config: EnvironmentConfig, storage: StorageStack, network?: FunctionNetwork) {
    super(scope, 'Lookup', config, 'the lookup API');
    const may = new Permissions(this, storage);
    this.lookup = new MedicalFunction(this, 'Lookup', {
      name: 'lookup',
      config,
      // CPU grows with memory; below this, decompressing a shard shows in the p99.
      memoryMb: 1024,
      timeout: Duration.seconds(LOOKUP_TIMEOUT_SECONDS),
      settings: functionSettings(config, storage),
      permissions: [
        may.read('ReadCatalogAndTeams', [layout.pointer, layout.releases, layout.teams]),
        may.knowAbsence(),
        may.bucketKey('kms:Decrypt'),
        ...may.redisSecret(),
      ],
      logKey: storage.serviceKey,
      ...(network && { network }),
    });
    this.api = new LookupApi(this, 'Api', {
      config,
      lookup: this.lookup.function,
      logKey: storage.serviceKey,
    });
    new CfnOutput(this, 'ApiUrl', { value: this.api.url });
  }
}

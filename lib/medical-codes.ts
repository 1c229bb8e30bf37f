import type { Construct } from 'constructs';
import type { EnvironmentConfig } from './config/environments';
import { LookupStack } from './api/lookup-stack';
import { NetworkStack } from './network/network-stack';
import { ObservabilityStack } from './observability/observability-stack';
import { OperationsStack } from './operations/operations-stack';
import { ReplicaStack } from './storage/replica-stack';
import { StorageStack } from './storage/storage-stack';

/** Every stack of one environment, in the order of their deployment. */
export function addEnvironment(app: Construct, config: EnvironmentConfig): void {
  const replica = config.replicaRegion ? new ReplicaStack(app, config, config.replicaRegion) : undefined;
  const storage = new StorageStack(app, config, replica);
  const network = config.network && new NetworkStack(app, config, config.network, storage).functions;
  const lookup = new LookupStack(app, config, storage, network);
  const operations = new OperationsStack(app, config, storage, network);
  new ObservabilityStack(app, config, storage, lookup, operations);
}

import type { ConnectionTarget } from '../../lambda/redis/connection-string';
import { replicaOf } from '../../lambda/redis/servers';
import { openOperatorRedis, type OperatorRedis } from '../operator-redis';
import { type CheckResult, runChecks } from './check';
import { configurationChecks } from './configuration-checks';
import { attemptOf, connectionChecks, type Reached } from './connection-checks';
import type { Patient } from './patient';
import { serverChecks } from './server-checks';
import { storeChecks } from './store-checks';

/** Examines everything a running service stands on, and closes what it opened. */
export async function examine(
  patient: Patient,
  onResult?: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  let target: ConnectionTarget | undefined;
  let attempt: Promise<Reached['attempt']> | undefined;
  let opened: OperatorRedis | undefined;
  let replica: string | undefined;

  const reach = (): Promise<Reached['attempt']> =>
    (attempt ??= attemptOf(async () => {
      const connectionString = await patient.connectionString();
      replica = replicaOf(connectionString);
      opened = await openOperatorRedis(connectionString);
      return opened;
    }));
  const redis = (): OperatorRedis => required(opened);

  const checks = [
    ...configurationChecks(patient, (found) => (target = found)),
    ...connectionChecks(patient, () => required(target), reach, redis),
    ...serverChecks(patient, redis, () => {
      const named = replica;
      return named === undefined ? undefined : () => openOperatorRedis(named);
    }),
    ...storeChecks(patient, redis),
  ];
  try {
    return await runChecks(checks, onResult);
  } finally {
    opened?.close();
  }
}

/** What an earlier check found; the order of needs keeps this from failing. */
function required<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('a check ran before what it needs');
  return found;
}

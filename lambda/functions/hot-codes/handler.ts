import { openStore } from '../../store/open-store';
import { CatalogReader } from '../../catalog/read/catalog-reader';
import { type RollUps, rollUpAll, type RollUpsHost } from '../../hot-codes/roll-up-all';
import { RedisConnection } from '../../redis/connection';
import { secretSource } from '../../redis/secret';
import { errorFields, jsonLog, type Log } from '../../telemetry/logger';
import { settingsOf } from '../settings';

interface Services {
  host: RollUpsHost;
  log: Log;
}

function makeServices(): Services {
  const { redisSecretArn, catalogStore } = settingsOf(process.env);
  const log = jsonLog('hot-codes');
  const store = openStore(catalogStore);
  return {
    log,
    host: {
      connection: new RedisConnection(secretSource(redisSecretArn)),
      store,
      catalog: new CatalogReader(store),
      now: () => new Date(),
      failed: (teamId, error) => log.write('error', 'roll-up failed', { teamId, error: errorFields(error) }),
    },
  };
}

let services: Services | undefined;

/**
 * Rolls the uses counted since the last run into every team's ranked list.
 * @throws when any team could not be rolled up, after all others were: the invocation shows as failed
 */
export async function handler(): Promise<RollUps> {
  services ??= makeServices();
  const result = await rollUpAll(services.host);
  services.log.write('info', 'rolled up', {
    teams: result.teams.length,
    uses: result.teams.reduce((sum, { uses }) => sum + uses, 0),
    failed: result.failed,
  });
  if (result.failed > 0) throw new Error(`${result.failed} teams could not be rolled up; their counts wait.`);
  return result;
}

import { ENVIRONMENTS, redisSecretName } from '../../lambda/names/environments';
import type { BulkSession } from '../../lambda/redis/bulk-session';
import type { ObjectStore } from '../../lambda/store/object-store';
import { CliContext, type RedisLocation } from '../context';
import { environmentFigures } from '../environment-figures';
import { UsageError } from '../terminal/failure';
import type { Output } from '../terminal/output';

/** One end of a migration. */
export interface Place {
  readonly name: string;
  readonly location: RedisLocation;
  /** Operations per second of the plan; undefined where none is known. */
  readonly planOpsPerSecond: number | undefined;
  /** The environment's store; undefined for a Redis that a variable names. */
  readonly storeUrl: string | undefined;
}

/** Both ends of a migration, connected. */
export interface Ends {
  readonly from: Place;
  readonly to: Place;
  readonly source: BulkSession;
  readonly target: BulkSession;
}

/**
 * What `--from` or `--to` names.
 * @throws UsageError, which never repeats a value that may be a connection string
 */
export async function placeOf(option: string, value: string, output: Output): Promise<Place> {
  const environment = ENVIRONMENTS.find((name) => name === value);
  if (environment !== undefined) {
    const context = new CliContext({ env: environment }, output);
    const { plan } = await environmentFigures(context);
    return {
      name: value,
      location: { kind: 'secret', secretId: redisSecretName(environment) },
      planOpsPerSecond: plan.opsPerSecond,
      storeUrl: context.storeUrl(),
    };
  }
  const variable = /^env:(?<name>[A-Za-z_][A-Za-z0-9_]*)$/.exec(value)?.groups?.name;
  if (variable === undefined) {
    throw new UsageError(
      `${option} takes dev, staging, prod or env:NAME, where NAME is a variable that holds a connection string; a connection string itself never goes on a command line.`,
    );
  }
  const connectionString = process.env[variable];
  if (connectionString === undefined || connectionString === '') {
    throw new UsageError(`${option}: the variable ${variable} is not set; put the connection string in it.`);
  }
  return {
    name: value,
    location: { kind: 'value', connectionString },
    planOpsPerSecond: undefined,
    storeUrl: undefined,
  };
}

/** The catalog that lookups over this end read; undefined for a Redis that a variable names. */
export async function storeOf({ storeUrl }: Place): Promise<ObjectStore | undefined> {
  if (storeUrl === undefined) return undefined;
  const { openStore } = await import('../../lambda/store/open-store');
  return openStore(storeUrl);
}

/** Databases of one server may be copied into each other, but none into itself. @throws UsageError */
export function refuseSameDatabase({ source, target }: Ends): void {
  const sameServer = source.serverId !== undefined && source.serverId === target.serverId;
  if (sameServer && source.database === target.database) {
    throw new UsageError(`--from and --to reach the same Redis database (number ${source.database ?? 0}).`);
  }
}

import { settingsDrift } from '../../lambda/monitor/drift';
import { connectionLimit, memoryLimit, percent } from '../../lambda/monitor/figures';
import { combineInfo, parseInfo, type ServerInfo } from '../../lambda/redis/info';
import { RedisUnavailable } from '../../lambda/redis/failures';
import { MEMORY_LIMIT_PERCENT } from '../../lib/config/limits';
import { type OperatorRedis, textOf } from '../operator-redis';
import { formatBytes } from '../terminal/table';
import { type Check, fail, type Finding, pass, skipped, warn } from './check';
import type { Patient } from './patient';

/** From here it is urgent; the alarms' own limit only warns. */
const FAIL_PERCENT = 95;

/** Module names as INFO gives them, lower case, by the feature the console sells. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  search: ['search', 'ft', 'searchlight'],
  JSON: ['rejson', 'json'],
};

/** INFO of every shard as one picture. @throws RedisUnavailable */
export async function readInfo(redis: OperatorRedis): Promise<ServerInfo> {
  const texts = await Promise.all(
    redis.nodes.map(async (node) => textOf((await node.exchange([['INFO']]))[0]) ?? ''),
  );
  return combineInfo(texts.map(parseInfo));
}

/** The server's settings, room, modules and replicas. */
export function serverChecks(
  patient: Patient,
  redis: () => OperatorRedis,
  replica: () => (() => Promise<OperatorRedis>) | undefined,
): Check[] {
  const info = (): Promise<ServerInfo> => readInfo(redis());
  const needs = ['authentication'];
  return [
    { id: 'settings', title: 'Recommended settings', needs, run: () => settings(redis()) },
    { id: 'memory', title: 'Memory', needs, run: async () => memory(patient, await info()) },
    { id: 'connections', title: 'Connections', needs, run: async () => connections(patient, await info()) },
    { id: 'modules', title: 'Modules', needs, run: async () => modules(redis(), await info()) },
    { id: 'replica', title: 'Replica', needs, run: async () => replicas(patient, await info(), replica()) },
  ];
}

async function settings(redis: OperatorRedis): Promise<Finding> {
  const { drifted, unknown } = await settingsDrift(async (name) => {
    const [reply] = await redis.nodes[0].exchange([['CONFIG', 'GET', name]]);
    return Array.isArray(reply) ? textOf(reply[1]) : undefined;
  });
  const hidden = unknown.length === 0 ? '' : `; not told: ${unknown.join(', ')}`;
  if (drifted.length === 0) {
    return unknown.length === 0 ? pass('as recommended') : pass(`none differs${hidden}`);
  }
  const list = drifted.map(({ setting, actual }) => `${setting} is ${actual === '' ? 'empty' : actual}`);
  const wanted = drifted.map(({ setting, recommended }) => `${setting} ${recommended}`);
  return warn(`${list.join(', ')}${hidden}`, `Set ${wanted.join(', ')} in the console or redis.conf.`);
}

function howFull(detail: string, used: number | undefined, remedy: string): Finding {
  if (used === undefined) return warn(`${detail}, limit unknown`, 'Set PLAN_MEMORY_MB and PLAN_CONNECTIONS.');
  const text = `${detail} (${used.toFixed(1)} %)`;
  if (used >= FAIL_PERCENT) return fail(text, remedy);
  return used > MEMORY_LIMIT_PERCENT ? warn(text, remedy) : pass(text);
}

function memory(patient: Patient, info: ServerInfo): Finding {
  if (info.usedMemoryBytes === undefined) return skipped('Redis does not tell');
  const limit = memoryLimit(info, patient.plan);
  const of = limit === undefined ? '' : ` of ${formatBytes(limit)}`;
  const evicted =
    info.evictedKeys === undefined || info.evictedKeys === 0 ? '' : `, ${info.evictedKeys} keys evicted`;
  return howFull(
    `${formatBytes(info.usedMemoryBytes)}${of}${evicted}`,
    percent(info.usedMemoryBytes, limit),
    'See what fills it with "codes report", then take the plan it names.',
  );
}

function connections(patient: Patient, info: ServerInfo): Finding {
  if (info.connectedClients === undefined) return skipped('Redis does not tell');
  const limit = connectionLimit(info, patient.plan);
  return howFull(
    `${info.connectedClients}${limit === undefined ? '' : ` of ${limit}`}`,
    percent(info.connectedClients, limit),
    'Find who holds them with CLIENT LIST; lower the functions’ concurrency or take a larger plan.',
  );
}

async function modules(redis: OperatorRedis, info: ServerInfo): Promise<Finding> {
  const [reply] = await redis.nodes[0].exchange([['MODULE', 'LIST']]);
  const listed = Array.isArray(reply) ? reply.flat(2).map((part) => textOf(part)?.toLowerCase() ?? '') : [];
  const present = new Set([...listed, ...info.modules]);
  const missing = Object.entries(MODULES).flatMap(([feature, names]) =>
    names.some((name) => present.has(name)) ? [] : [feature],
  );
  if (missing.length === 0) return pass('search and JSON');
  return warn(
    `${missing.join(' and ')} missing`,
    'Lookups need neither; enable them when the database is created, should your own work use them.',
  );
}

async function replicas(
  patient: Patient,
  info: ServerInfo,
  open: (() => Promise<OperatorRedis>) | undefined,
): Promise<Finding> {
  if (open !== undefined) return namedReplica(open);
  const offline = info.replicas.filter(({ online }) => !online).length;
  if (offline > 0) {
    return warn(
      `${offline} of ${info.replicas.length} not online`,
      'Wait for the copy to end, then look again.',
    );
  }
  if (info.replicas.length > 0) return pass(`${info.replicas.length} online`);
  const none = 'none named in the connection string';
  if (patient.environment !== 'prod') return pass(none);
  return warn(
    none,
    'Add ?replica=host:port, so that reads go on while the primary is away (docs/scaling.md).',
  );
}

async function namedReplica(open: () => Promise<OperatorRedis>): Promise<Finding> {
  let replica: OperatorRedis;
  try {
    replica = await open();
  } catch (error) {
    const failure = error instanceof RedisUnavailable ? error.failure : 'configuration';
    return fail(
      `cannot be used: ${failure}`,
      'Reads could not fail over to it: check its host, port and users.',
    );
  }
  try {
    const info = await readInfo(replica);
    if (info.linkUp === false) {
      return fail(
        `has heard nothing from its primary for ${info.silentSeconds ?? '?'} s`,
        'Its values grow stale: check the primary, and the way between the two.',
      );
    }
    // Between two Redis Cloud databases neither side calls itself a replica.
    return pass(info.role === 'replica' ? 'connected to its primary' : 'reachable');
  } finally {
    replica.close();
  }
}

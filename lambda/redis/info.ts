/**
 * What INFO says, as far as this service reads it. Every figure may be missing: Redis Cloud answers INFO
 * through its proxy with fewer fields, and old or restricted servers leave out whole sections.
 */
export interface ServerInfo {
  readonly version?: string;
  /** Changes at every start of the server. */
  readonly runId?: string;
  readonly uptimeSeconds?: number;
  readonly usedMemoryBytes?: number;
  /** Absent where the server names no limit (`maxmemory:0`). */
  readonly maxMemoryBytes?: number;
  readonly connectedClients?: number;
  readonly maxClients?: number;
  /** Since the server started. */
  readonly evictedKeys?: number;
  readonly keyspaceHits?: number;
  readonly keyspaceMisses?: number;
  readonly commandsProcessed?: number;
  readonly opsPerSecond?: number;
  /** Keys of all databases; 0 only when the keyspace section is there and empty. */
  readonly keyCount?: number;
  readonly role?: 'primary' | 'replica';
  /** Replicas that a primary feeds. */
  readonly replicas: readonly ReplicaInfo[];
  /** On a replica: whether it hears its primary. */
  readonly linkUp?: boolean;
  /** On a replica: seconds since it last heard its primary. */
  readonly silentSeconds?: number;
  /** Names of loaded modules, lower case. */
  readonly modules: readonly string[];
}

export interface ReplicaInfo {
  readonly online: boolean;
  /** Seconds since the replica's last acknowledgement; a healthy one acknowledges every second. */
  readonly lagSeconds?: number;
}

type Fields = ReadonlyMap<string, readonly string[]>;

/** INFO as field → values (a field such as `module` may repeat) and the names of its sections. */
function fieldsOf(text: string): { fields: Fields; sections: ReadonlySet<string> } {
  const fields = new Map<string, string[]>();
  const sections = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) {
      sections.add(line.slice(1).trim().toLowerCase());
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon);
    fields.set(name, [...(fields.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { fields, sections };
}

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) return undefined;
  return Number(text);
}

/** `ip=127.0.0.1,port=6380,state=online` → its pairs. */
function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(',').map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function replicasOf(fields: Fields): ReplicaInfo[] {
  return [...fields]
    .filter(([name]) => /^(slave|replica)\d+$/.test(name))
    .map(([, [value]]) => {
      const about = pairs(value ?? '');
      const lagSeconds = numberIn(about.get('lag'));
      return { online: about.get('state') === 'online', ...(lagSeconds === undefined ? {} : { lagSeconds }) };
    });
}

function keyCountOf(fields: Fields, sections: ReadonlySet<string>): number | undefined {
  if (!sections.has('keyspace')) return undefined;
  return [...fields]
    .filter(([name]) => /^db\d+$/.test(name))
    .reduce((sum, [, [value]]) => sum + (numberIn(pairs(value ?? '').get('keys')) ?? 0), 0);
}

const ROLES: Readonly<Record<string, 'primary' | 'replica'>> = {
  master: 'primary',
  primary: 'primary',
  slave: 'replica',
  replica: 'replica',
};

/** Reads an INFO reply. Fields that are missing or no number are left out; unknown ones are passed over. */
export function parseInfo(text: string): ServerInfo {
  const { fields, sections } = fieldsOf(text);
  const first = (name: string): string | undefined => fields.get(name)?.[0];
  const figure = (name: string): number | undefined => numberIn(first(name));
  const limit = (name: string): number | undefined => figure(name) || undefined;
  const link = first('master_link_status');
  const linkUp = link === undefined ? undefined : link === 'up';
  const found = {
    version: first('redis_version'),
    runId: first('run_id'),
    uptimeSeconds: figure('uptime_in_seconds'),
    usedMemoryBytes: figure('used_memory'),
    maxMemoryBytes: limit('maxmemory'),
    connectedClients: figure('connected_clients'),
    maxClients: limit('maxclients'),
    evictedKeys: figure('evicted_keys'),
    keyspaceHits: figure('keyspace_hits'),
    keyspaceMisses: figure('keyspace_misses'),
    commandsProcessed: figure('total_commands_processed'),
    opsPerSecond: figure('instantaneous_ops_per_sec'),
    keyCount: keyCountOf(fields, sections),
    role: ROLES[first('role') ?? ''],
    replicas: replicasOf(fields),
    linkUp,
    silentSeconds: figure(linkUp === false ? 'master_link_down_since_seconds' : 'master_last_io_seconds_ago'),
    modules: (fields.get('module') ?? []).flatMap((each) => pairs(each).get('name')?.toLowerCase() ?? []),
  };
  return dropUndefined(found);
}

/** Leaves out what is not known, so that `'usedMemoryBytes' in info` and spreads mean what they say. */
function dropUndefined<T extends object>(found: T): T {
  for (const [name, value] of Object.entries(found)) {
    if (value === undefined) Reflect.deleteProperty(found, name);
  }
  return found;
}

/**
 * One picture of several nodes (the primaries of a cluster): sums where a figure adds up. A figure that one
 * node does not give is left out, since a sum without it would be wrong.
 */
export function combineInfo(nodes: readonly ServerInfo[]): ServerInfo {
  const [only] = nodes;
  if (only === undefined) return { replicas: [], modules: [] };
  if (nodes.length === 1) return only;
  const sum = (figure: (info: ServerInfo) => number | undefined): number | undefined =>
    nodes.reduce<number | undefined>((total, node) => {
      const value = figure(node);
      return total === undefined || value === undefined ? undefined : total + value;
    }, 0);
  return dropUndefined({
    version: only.version,
    runId: nodes.map((node) => node.runId ?? '').join('+'),
    uptimeSeconds: only.uptimeSeconds,
    usedMemoryBytes: sum((node) => node.usedMemoryBytes),
    maxMemoryBytes: sum((node) => node.maxMemoryBytes),
    connectedClients: sum((node) => node.connectedClients),
    maxClients: sum((node) => node.maxClients),
    evictedKeys: sum((node) => node.evictedKeys),
    keyspaceHits: sum((node) => node.keyspaceHits),
    keyspaceMisses: sum((node) => node.keyspaceMisses),
    commandsProcessed: sum((node) => node.commandsProcessed),
    opsPerSecond: sum((node) => node.opsPerSecond),
    keyCount: sum((node) => node.keyCount),
    role: only.role,
    replicas: nodes.flatMap((node) => node.replicas),
    modules: only.modules,
  });
}

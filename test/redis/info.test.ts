import { combineInfo, parseInfo } from '../../lambda/redis/info';
import { CUT_OFF_REPLICA, OPEN_SOURCE_7_0, REDIS_CLOUD } from './info-samples';

describe('reading INFO', () => {
  it('takes every figure that redis-server gives', () => {
    expect(parseInfo(OPEN_SOURCE_7_0)).toEqual({
      version: '7.0.15',
      runId: '16a550c23025d553c8142af68c9539917ff427f2',
      uptimeSeconds: 3604,
      usedMemoryBytes: 15_728_640,
      maxMemoryBytes: 31_457_280,
      connectedClients: 12,
      maxClients: 10_000,
      evictedKeys: 17,
      keyspaceHits: 900,
      keyspaceMisses: 100,
      commandsProcessed: 7208,
      opsPerSecond: 42,
      keyCount: 1205,
      role: 'primary',
      replicas: [
        { online: true, lagSeconds: 1 },
        { online: false, lagSeconds: 4 },
      ],
      modules: [],
    });
  });

  it('leaves out what Redis Cloud hides instead of calling it zero', () => {
    expect(parseInfo(REDIS_CLOUD)).toEqual({
      version: '7.4.3',
      uptimeSeconds: 86_400,
      usedMemoryBytes: 5_242_880,
      connectedClients: 9,
      evictedKeys: 3,
      keyspaceHits: 10,
      keyspaceMisses: 2,
      replicas: [],
      modules: ['search', 'rejson'],
    });
  });

  it('tells how long a cut-off replica has heard nothing', () => {
    expect(parseInfo(CUT_OFF_REPLICA)).toEqual({
      role: 'replica',
      linkUp: false,
      silentSeconds: 7,
      replicas: [],
      modules: [],
    });
  });

  it('counts no keys as 0 only where the server shows its key space', () => {
    expect(parseInfo('# Keyspace\r\n').keyCount).toBe(0);
    expect(parseInfo('# Memory\r\nused_memory:1\r\n')).not.toHaveProperty('keyCount');
  });

  it('survives an empty or garbled reply', () => {
    const nothing = { replicas: [], modules: [] };
    expect(parseInfo('')).toEqual(nothing);
    expect(parseInfo('used_memory:lots\nnonsense\n:1\n#\nslave0\n')).toEqual(nothing);
  });

  it('adds up the primaries of a cluster, and leaves out a sum that one of them cannot give', () => {
    const both = combineInfo([
      parseInfo(OPEN_SOURCE_7_0),
      parseInfo('used_memory:10\nconnected_clients:3\nrun_id:b\nevicted_keys:2\n'),
    ]);
    expect(both).toMatchObject({ usedMemoryBytes: 15_728_650, connectedClients: 15, evictedKeys: 19 });
    expect(both).not.toHaveProperty('maxMemoryBytes');
    expect(both).not.toHaveProperty('keyCount');
  });
});

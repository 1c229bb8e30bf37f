import { EvictionCounter } from '../../lambda/monitor/evictions';
import { figuresOf } from '../../lambda/monitor/figures';
import { parseInfo } from '../../lambda/redis/info';
import { CUT_OFF_REPLICA, OPEN_SOURCE_7_0, REDIS_CLOUD } from '../redis/info-samples';

describe('the monitor’s figures', () => {
  it('measures memory and connections against the plan', () => {
    expect(figuresOf(parseInfo(OPEN_SOURCE_7_0), { memoryMb: 20, connections: 30 })).toEqual({
      UsedMemoryBytes: 15_728_640,
      MemoryUsagePercent: 75,
      ConnectedClients: 12,
      ConnectionUsagePercent: 40,
      KeyCount: 1205,
      ReplicationLagSeconds: 4,
    });
  });

  it('knows the plan’s share on Redis Cloud although the server hides its limits', () => {
    expect(figuresOf(parseInfo(REDIS_CLOUD), { memoryMb: 100, connections: 30 })).toEqual({
      UsedMemoryBytes: 5_242_880,
      MemoryUsagePercent: 5,
      ConnectedClients: 9,
      ConnectionUsagePercent: 30,
    });
  });

  it('takes the server’s own limit where that is tighter, or where no plan is named', () => {
    const info = parseInfo(OPEN_SOURCE_7_0);
    expect(figuresOf(info, { memoryMb: 500, connections: 50_000 })).toMatchObject({
      MemoryUsagePercent: 50,
      ConnectionUsagePercent: 0.12,
    });
    expect(figuresOf(info, { memoryMb: 0, connections: 0 })).toMatchObject({ MemoryUsagePercent: 50 });
  });

  it('gives no share when nobody names a limit', () => {
    const figures = figuresOf(parseInfo(REDIS_CLOUD), { memoryMb: 0, connections: 0 });
    expect(figures).toEqual({ UsedMemoryBytes: 5_242_880, ConnectedClients: 9 });
  });

  it('reports a cut-off replica’s silence as lag', () => {
    expect(figuresOf(parseInfo(CUT_OFF_REPLICA), { memoryMb: 1, connections: 1 })).toEqual({
      ReplicationLagSeconds: 7,
    });
  });
});

describe('evictions since the last run', () => {
  const at = (evicted: number, runId = 'a') => parseInfo(`run_id:${runId}\nevicted_keys:${evicted}\n`);

  it('are the growth of the server’s count, starting from the first look', () => {
    const counter = new EvictionCounter();
    expect([at(40), at(40), at(47)].map((info) => counter.since(info))).toEqual([0, 0, 7]);
  });

  it('start again when the server restarted, even if its count has passed the old one', () => {
    const counter = new EvictionCounter();
    expect([at(5), at(9, 'b'), at(2, 'b')].map((info) => counter.since(info))).toEqual([0, 9, 2]);
  });

  it('are unknown when the server does not tell', () => {
    expect(new EvictionCounter().since(parseInfo(''))).toBeUndefined();
  });
});

import { emfSink, type MetricSink, noMetrics } from '../../lambda/telemetry/emit';
import { LookupCounters } from '../../lambda/telemetry/lookup';

/** What a piece of work writes to standard output, line by line. */
function written(work: () => void): string[] {
  const lines: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(...String(chunk).split('\n').filter(Boolean));
    return true;
  });
  try {
    work();
  } finally {
    spy.mockRestore();
  }
  return lines;
}

describe('the lookup’s metrics', () => {
  let added: Record<string, number[]>;
  let flushes: number;
  const sink: MetricSink = {
    add: (name, _unit, value) => (added[name] ??= []).push(value),
    flush: () => (flushes += 1),
  };
  beforeEach(() => {
    added = {};
    flushes = 0;
  });

  it('count hits for what memory and Redis answered, and misses for all else', () => {
    const counters = new LookupCounters(sink);
    for (const outcome of ['memory', 'redis', 'redis', 'miss', 'bypass', 'stale'] as const)
      counters.answered(outcome);
    counters.flush();
    expect(added).toEqual({ CacheHits: [3], CacheMisses: [3] });
  });

  it('count errors by where they come from, and slow round trips from 100 ms', () => {
    const counters = new LookupCounters(sink);
    counters.cacheError('undecodable');
    counters.connectionError('refused');
    counters.connectionError('refused');
    counters.sourceRead();
    counters.sourceError();
    counters.roundTrip(100);
    counters.roundTrip(101);
    counters.lookup(12.5, false);
    counters.lookup(700, true);
    expect(counters.takeProblems()).toEqual({ 'cache:undecodable': 1, 'connection:refused': 2 });
    expect(counters.takeProblems()).toBeUndefined();
    counters.flush();
    expect(added).toEqual({
      CacheErrors: [1],
      ConnectionErrors: [2],
      SourceReads: [1],
      SourceErrors: [1],
      SlowQueries: [1],
      LookupErrors: [1],
      LookupLatency: [12.5, 700],
    });
  });

  it('start from nothing after each flush', () => {
    const counters = new LookupCounters(sink);
    counters.answered('redis');
    counters.flush();
    added = {};
    counters.flush();
    expect(added).toEqual({});
    expect(flushes).toBe(2);
  });

  it('go out as one EMF blob with the environment as the only dimension', () => {
    const counters = new LookupCounters(emfSink('staging'));
    const lines = written(() => {
      counters.answered('redis');
      counters.answered('redis');
      counters.lookup(3, false);
      counters.flush();
      counters.flush();
    });
    expect(lines).toHaveLength(1);
    const blob = JSON.parse(lines[0]!);
    expect(blob).toMatchObject({ Environment: 'staging', CacheHits: 2, LookupLatency: 3 });
    expect(blob._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'MedicalCodes',
        Dimensions: [['Environment']],
        Metrics: [
          { Name: 'LookupLatency', Unit: 'Milliseconds' },
          { Name: 'CacheHits', Unit: 'Count' },
        ],
      },
    ]);
    expect(Object.keys(blob).sort()).toEqual(['CacheHits', 'Environment', 'LookupLatency', '_aws']);
  });

  it('keep the dimension in every later blob', () => {
    const emf = emfSink('dev');
    const lines = written(() => {
      emf.add('CacheHits', 'Count', 1);
      emf.flush();
      emf.add('CacheHits', 'Count', 2);
      emf.flush();
    });
    expect(lines.map((line) => JSON.parse(line)._aws.CloudWatchMetrics[0].Dimensions)).toEqual([
      [['Environment']],
      [['Environment']],
    ]);
  });

  it('go nowhere on a developer’s machine', () => {
    const counters = new LookupCounters(noMetrics);
    expect(
      written(() => {
        counters.answered('miss');
        counters.flush();
      }),
    ).toEqual([]);
  });
});

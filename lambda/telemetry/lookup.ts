import type { Outcome } from '../names/outcomes';
import type { CacheProblem, CacheTelemetry } from './cache-telemetry';
import type { RedisFailure } from '../names/redis-failure';
import type { MetricSink } from './emit';
import { type LookupMetric, SLOW_QUERY_MS } from './metrics';

/** What serving lookups reports. Cheap enough for every request: counters, written out by `flush`. */
export interface LookupTelemetry extends CacheTelemetry {
  connectionError(failure: RedisFailure): void;
  /** One request was answered. `failed`: with a 5xx. */
  lookup(latencyMs: number, failed: boolean): void;
  /** Writes one EMF blob of what was counted since the last; call it once per invocation. */
  flush(): void;
  /** Problems since the last call, most frequent kinds by name, for the request's log line; undefined when none. */
  takeProblems(): Readonly<Record<string, number>> | undefined;
}

const COUNTERS = [
  'CacheHits',
  'CacheMisses',
  'CacheErrors',
  'ConnectionErrors',
  'SlowQueries',
  'SourceReads',
  'SourceErrors',
  'LookupErrors',
] as const satisfies readonly LookupMetric[];
type Counter = (typeof COUNTERS)[number];

/** Counts into a sink. */
export class LookupCounters implements LookupTelemetry {
  readonly #counts: Record<Counter, number> = {
    CacheHits: 0,
    CacheMisses: 0,
    CacheErrors: 0,
    ConnectionErrors: 0,
    SlowQueries: 0,
    SourceReads: 0,
    SourceErrors: 0,
    LookupErrors: 0,
  };
  #problems: Record<string, number> | undefined;

  constructor(private readonly sink: MetricSink) {}

  /** `bypass` and `stale` are misses too: the cache did not answer. */
  answered(outcome: Outcome): void {
    if (outcome === 'memory' || outcome === 'redis') this.#counts.CacheHits += 1;
    else this.#counts.CacheMisses += 1;
  }

  cacheError(problem: CacheProblem): void {
    this.#counts.CacheErrors += 1;
    this.#noteProblem(`cache:${problem}`);
  }

  connectionError(failure: RedisFailure): void {
    this.#counts.ConnectionErrors += 1;
    this.#noteProblem(`connection:${failure}`);
  }

  roundTrip(milliseconds: number): void {
    if (milliseconds > SLOW_QUERY_MS) this.#counts.SlowQueries += 1;
  }

  sourceRead(): void {
    this.#counts.SourceReads += 1;
  }

  sourceError(): void {
    this.#counts.SourceErrors += 1;
  }

  lookup(latencyMs: number, failed: boolean): void {
    this.sink.add('LookupLatency', 'Milliseconds', latencyMs);
    if (failed) this.#counts.LookupErrors += 1;
  }

  flush(): void {
    for (const name of COUNTERS) {
      const count = this.#counts[name];
      if (count === 0) continue;
      this.#counts[name] = 0;
      this.sink.add(name, 'Count', count);
    }
    this.sink.flush();
  }

  takeProblems(): Readonly<Record<string, number>> | undefined {
    const problems = this.#problems;
    this.#problems = undefined;
    return problems;
  }

  #noteProblem(kind: string): void {
    this.#problems ??= {};
    this.#problems[kind] = (this.#problems[kind] ?? 0) + 1;
  }
}

import { CacheAside, type CacheHost } from '../../lambda/cache/cache-aside';
import type { Outcome } from '../../lambda/names/outcomes';
import type { Entry } from '../../lambda/cache/entry';
import type { CacheProblem, CacheTelemetry } from '../../lambda/telemetry/cache-telemetry';
import { TTL } from '../../lambda/names/ttl';
import { SourceUnavailable } from '../../lambda/names/errors';
import type { LiveRelease } from '../../lambda/cache/release-mark';
import { RedisConnection } from '../../lambda/redis/connection';
import type { RedisFailure } from '../../lambda/names/redis-failure';
import type { Timeouts } from '../../lambda/redis/options';
import { constantSource } from '../../lambda/redis/source';
import { PATIENT_TIMEOUTS } from '../support/patience';

export { eventually } from '../support/eventually';

export interface Thing {
  name: string;
  release: string;
}

/** A catalog of one's own: releases as plain maps, with a count of its reads and a switch to take it down. */
export class FakeCatalog {
  loads = 0;
  pointerReads = 0;
  down = false;
  /** Awaited between noting the release and answering, so that tests can interleave. */
  pause: () => Promise<void> = () => Promise.resolve();
  readonly unknown = new Set<string>();
  readonly #recent = [{ release: 'r1', stamp: 1 }];

  /** Id of the live release. Each setting is a going-live with a stamp of its own. */
  get live(): string {
    return this.#recent.at(-1)!.release;
  }
  set live(release: string) {
    this.#recent.push({ release, stamp: this.#recent.length + 1 });
  }

  /** What the pointer says, without counting as a read. */
  get pointer(): LiveRelease {
    const { release, stamp } = this.#recent.at(-1)!;
    return { release, stamp, recent: this.#recent.map((each) => each.stamp), editions: {} };
  }

  liveRelease(): Promise<LiveRelease> {
    this.pointerReads += 1;
    if (this.down) return Promise.reject(new SourceUnavailable('the store is down'));
    return Promise.resolve(this.pointer);
  }

  /** Asked by a publish before it marks anything. */
  stillLive = (stamp: number) => (): Promise<boolean> => Promise.resolve(this.pointer.stamp === stamp);

  read(key: string, release: string): Thing | undefined {
    return this.unknown.has(key) ? undefined : { name: key, release };
  }

  entry(key: string, ttl: number = TTL.code): Entry<Thing> {
    return {
      key,
      ttl,
      load: async (release) => {
        this.loads += 1;
        await this.pause();
        if (this.down) throw new SourceUnavailable('the store is down');
        return this.read(key, release);
      },
    };
  }

  loadMany = async (
    release: string,
    missing: readonly Entry<Thing>[],
  ): Promise<ReadonlyMap<string, Thing | undefined>> => {
    this.loads += 1;
    await this.pause();
    if (this.down) throw new SourceUnavailable('the store is down');
    return new Map(missing.map(({ key }) => [key, this.read(key, release)]));
  };
}

/** Counts what the cache reports. */
export class Counted implements CacheTelemetry {
  readonly outcomes: Outcome[] = [];
  readonly problems: CacheProblem[] = [];
  readonly roundTrips: number[] = [];
  readonly connectionErrors: RedisFailure[] = [];
  sourceReads = 0;
  sourceErrors = 0;

  answered(outcome: Outcome): void {
    this.outcomes.push(outcome);
  }
  cacheError(problem: CacheProblem): void {
    this.problems.push(problem);
  }
  roundTrip(milliseconds: number): void {
    this.roundTrips.push(milliseconds);
  }
  sourceRead(): void {
    this.sourceReads += 1;
  }
  sourceError(): void {
    this.sourceErrors += 1;
  }
}

/** One process's view: a connection, a cache and what they report. */
export class Process {
  readonly telemetry = new Counted();
  readonly connection: RedisConnection;
  readonly cache: CacheAside;

  constructor(
    connectionString: string,
    readonly catalog: FakeCatalog,
    host: Partial<CacheHost> = {},
    timeouts: Timeouts = PATIENT_TIMEOUTS,
  ) {
    this.connection = new RedisConnection(constantSource(connectionString), {
      connectionError: (failure) => this.telemetry.connectionErrors.push(failure),
      timeouts,
    });
    this.cache = new CacheAside({ redis: this.connection, catalog, telemetry: this.telemetry, ...host });
  }

  close(): void {
    this.connection.close();
  }
}

/** A clock that tests turn by hand. */
export class HandClock {
  constructor(public time = 1_000_000) {}
  now = (): number => this.time;
  sleep = (milliseconds: number): Promise<void> => {
    this.time += milliseconds;
    return Promise.resolve();
  };
}

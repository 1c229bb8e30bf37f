import { Redis } from 'ioredis';
import { keys } from '../../lambda/names/keys';
import { RELEASE_CHECK_MS } from '../../lambda/names/ttl';
import { type Timeouts } from '../../lambda/redis/options';
import { openStore } from '../../lambda/store/open-store';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { RunningService } from '../lookup/running-service';
import { eventually } from '../support/eventually';
import type { Fault } from '../support/s3/faults';
import { S3Server } from '../support/s3/server';
import { SmallCatalog } from '../support/small-catalog';

/** What happens to every answer of the store. */
export const FAULTS: readonly { readonly name: string; readonly fault: Fault }[] = [
  { name: '500', fault: 500 },
  { name: '503 SlowDown', fault: 503 },
  { name: 'connection lost', fault: 'lost-answer' },
  { name: 'truncated', fault: 'truncated-body' },
  { name: 'truncated, then silent', fault: 'stalled-body' },
  { name: 'wrong bytes', fault: 'wrong-bytes' },
  { name: 'never answers', fault: 'never-answers' },
];
export const PLACES = ['memory', 'Redis', 'nowhere'] as const;
export const RELEASE_KEYS = ['present', 'lapsed'] as const;

export interface Case {
  readonly name: string;
  readonly fault: Fault;
  /** Where the value is held, but for the store. */
  readonly place: (typeof PLACES)[number];
  readonly releaseKey: (typeof RELEASE_KEYS)[number];
}

export const CASES: readonly Case[] = FAULTS.flatMap((fault) =>
  PLACES.flatMap((place) => RELEASE_KEYS.map((releaseKey) => ({ ...fault, place, releaseKey }))),
);

/** One lookup during a fault. */
export interface Outcome {
  readonly verdict: 'right' | '503' | 'wrong';
  /** `x-cache`, where the answer is right. */
  readonly from: string | null;
  readonly milliseconds: number;
}

/** How long the service under test waits, milliseconds. */
export interface Limits {
  readonly timeouts: Timeouts;
  readonly storePatience: number;
}

const PATH = '/v1/icd10/Z00.00';
const OTHER_PATH = '/v1/icd10/U07.1';

/** A release in a bucket that fails on demand, and a Redis before it. */
export class FaultyWorld {
  #ahead = 0;
  readonly #saved = { ...process.env };

  private constructor(
    private readonly catalog: SmallCatalog,
    private readonly s3: S3Server,
    private readonly server: RedisServer,
    private readonly redis: Redis,
  ) {
    Object.assign(process.env, s3.variables);
  }

  static async open(): Promise<FaultyWorld> {
    const [catalog, s3, server] = await Promise.all([
      SmallCatalog.of(),
      S3Server.start(),
      startRedisServer(),
    ]);
    for await (const { key } of catalog.store.list('')) {
      s3.bucket.objects.set(key, Buffer.from((await catalog.store.get(key)) ?? ''));
    }
    return new FaultyWorld(catalog, s3, server, new Redis(server.connectionString));
  }

  async close(): Promise<void> {
    process.env = this.#saved;
    this.redis.disconnect();
    await Promise.all([this.s3.stop(), this.server.stop()]);
    this.catalog.remove();
  }

  /** Asks for the value so many times, one after the other, while every answer of the store fails. */
  async run({ fault, place, releaseKey }: Case, times: number, limits: Limits): Promise<Outcome[]> {
    this.s3.fault = () => undefined;
    await this.redis.flushall();
    const before = this.#service(limits);
    const service = this.#service(limits);
    try {
      const right = await this.#answered(before, place === 'nowhere' ? OTHER_PATH : PATH);
      if (place === 'memory') await this.#answered(service, PATH);
      const value = place === 'nowhere' ? await this.#truth(limits) : right;
      if (releaseKey === 'lapsed') await this.redis.del(keys.release);
      // What a process knows of the release is due.
      this.#ahead += RELEASE_CHECK_MS;
      this.s3.fault = () => fault;
      const outcomes: Outcome[] = [];
      for (let time = 0; time < times; time += 1) outcomes.push(await this.#ask(service, value));
      return outcomes;
    } finally {
      await Promise.all([before.close(), service.close()]);
    }
  }

  #service({ timeouts, storePatience }: Limits): RunningService {
    const clock = {
      now: () => Date.now() + this.#ahead,
      sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
    };
    return new RunningService(openStore(this.s3.url), this.server.connectionString, {
      timeouts,
      storePatience,
      clock,
    });
  }

  /** The value as a service without Redis has it. */
  async #truth({ storePatience }: Limits): Promise<string> {
    const service = new RunningService(openStore(this.s3.url), undefined, { storePatience });
    try {
      return await this.#answered(service, PATH);
    } finally {
      await service.close();
    }
  }

  /** The answer of a service whose store is well. */
  async #answered(service: RunningService, path: string): Promise<string> {
    let body = '';
    await eventually(async () => {
      const answer = await service.get(path);
      body = await answer.text();
      return answer.status === 200;
    }, `an answer to ${path}`);
    return body;
  }

  async #ask(service: RunningService, right: string): Promise<Outcome> {
    const start = performance.now();
    const answer = await service.get(PATH);
    const body = await answer.text();
    const milliseconds = performance.now() - start;
    if (answer.status === 503) return { verdict: '503', from: null, milliseconds };
    const verdict = answer.status === 200 && body === right ? 'right' : 'wrong';
    return { verdict, from: answer.headers.get('x-cache'), milliseconds };
  }
}

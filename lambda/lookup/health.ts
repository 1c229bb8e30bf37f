import { within } from '../names/time-limit';

/** `degraded`: the cache or the catalog is out. Lookups may still answer, from the other one. */
export type Health = 'ok' | 'degraded';

export interface HealthHost {
  /** A round trip to Redis; undefined where none is configured, which is a choice and no fault. */
  readonly ping: (() => Promise<unknown>) | undefined;
  readPointer(): Promise<unknown>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Milliseconds for which a result is repeated, since the route is open to anybody. */
const KEPT_MS = 1_000;
/** Longest wait for an answer, milliseconds; who asks for health wants to know soon. */
const PATIENCE_MS = 2_000;

/** Whether the work succeeds before who asks loses patience. */
function answers(work: Promise<unknown>): Promise<boolean> {
  const done = work.then(
    () => true,
    () => false,
  );
  return within(done, PATIENCE_MS, () => false);
}

/** Asks Redis and the store themselves; checks at one time, or within a second, are one. */
export class HealthCheck {
  #kept: Promise<Health> | undefined;
  #since = Number.NEGATIVE_INFINITY;

  constructor(private readonly host: HealthHost) {}

  async current(): Promise<Health> {
    const now = this.host.now();
    if (this.#kept === undefined || now - this.#since >= KEPT_MS) {
      this.#since = now;
      this.#kept = this.#look();
    }
    return this.#kept;
  }

  async #look(): Promise<Health> {
    const { ping } = this.host;
    const [redis, catalog] = await Promise.all([
      ping === undefined ? true : answers(ping()),
      answers(this.host.readPointer()),
    ]);
    // The breaker has no say: it closes with the next lookup once Redis answers, and an idle service has none.
    return redis && catalog ? 'ok' : 'degraded';
  }
}

/**
 * A publish as a process of its own that stops at a step and waits to be killed:
 * `publishing-child.ts <store URL> <release> <connection string> <step>`. Prints `at <step>` when it stands there.
 */
import { Invalidation } from '../../lambda/cache/invalidate';
import { publishRelease } from '../../lambda/catalog/publish/publish-release';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { openStore } from '../../lambda/store/open-store';
import { PATIENT_TIMEOUTS } from '../support/patience';

type Step = 'announce' | 'remove' | 'finish';

/** Stands still at one of its steps. */
class StandingInvalidation extends Invalidation {
  constructor(
    connection: RedisConnection,
    private readonly step: Step,
  ) {
    super(connection, 'child', { opsPerSecond: 0 });
  }

  override announce(...args: Parameters<Invalidation['announce']>): ReturnType<Invalidation['announce']> {
    return this.#at('announce', () => super.announce(...args));
  }
  override remove(...args: Parameters<Invalidation['remove']>): ReturnType<Invalidation['remove']> {
    return this.#at('remove', () => super.remove(...args));
  }
  override finish(...args: Parameters<Invalidation['finish']>): ReturnType<Invalidation['finish']> {
    return this.#at('finish', () => super.finish(...args));
  }

  async #at<T>(step: Step, go: () => Promise<T>): Promise<T> {
    if (step !== this.step) return go();
    process.stdout.write(`at ${step}\n`);
    return new Promise(() => undefined);
  }
}

async function main(): Promise<void> {
  const [url = '', release = '', redis = '', step = ''] = process.argv.slice(2);
  const connection = new RedisConnection(constantSource(redis), { timeouts: PATIENT_TIMEOUTS });
  // Keeps the process alive while it stands.
  setInterval(() => undefined, 1_000);
  await publishRelease(openStore(url), release, {
    now: () => new Date(),
    cache: new StandingInvalidation(connection, step as Step),
  });
}

void main();

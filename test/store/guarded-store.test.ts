import { InvalidRequest, SourceUnavailable } from '../../lambda/names/errors';
import { GuardedStore, STORE_GUARD } from '../../lambda/store/guarded-store';

/** A store whose reads end when the test says so, and a clock that the test turns. */
class World {
  time = 1_000_000;
  readonly reads: { key: string; serve(): void; fail(error: unknown): void }[] = [];
  #timers: { at: number; work: () => void }[] = [];
  readonly guard = new GuardedStore(
    {
      url: 'file:store',
      get: (key) =>
        new Promise((resolve, reject) => {
          this.reads.push({ key, serve: () => resolve(Buffer.from(key)), fail: reject });
        }),
      getWithETag: () => Promise.resolve(undefined),
    },
    {
      now: () => this.time,
      after: (milliseconds, work) => {
        const timer = { at: this.time + milliseconds, work };
        this.#timers.push(timer);
        return () => (this.#timers = this.#timers.filter((each) => each !== timer));
      },
      patience: STORE_GUARD.patience,
    },
  );

  /** Asks, and tells how it ended; `waiting` until then. */
  ask(key: string): { outcome: string } {
    const asked = { outcome: 'waiting' };
    this.guard.get(key).then(
      (bytes) => (asked.outcome = String(bytes)),
      (error: unknown) => (asked.outcome = error instanceof SourceUnavailable ? 'unavailable' : 'other'),
    );
    return asked;
  }

  /** Lets time pass and timers run; without them, as in a process that is frozen. */
  async pass(milliseconds: number, { frozen = false } = {}): Promise<void> {
    this.time += milliseconds;
    if (!frozen) {
      const due = this.#timers.filter(({ at }) => at <= this.time);
      this.#timers = this.#timers.filter(({ at }) => at > this.time);
      for (const { work } of due) work();
    }
    await new Promise(setImmediate);
  }
}

const { patience, firstPause, longestPause, newsLife } = STORE_GUARD;
const REFUSED = new SourceUnavailable('503', {
  cause: Object.assign(new Error('SlowDown'), { $metadata: { httpStatusCode: 503 } }),
});

/** A world whose store has hung once. */
async function hanging(): Promise<World> {
  const world = new World();
  const first = world.ask('first');
  await world.pass(patience);
  expect(first.outcome).toBe('unavailable');
  return world;
}

describe('a store that hangs', () => {
  it('is waited for by those who ask before it is known, and by nobody after', async () => {
    const world = new World();
    const first = world.ask('first');
    await world.pass(patience - 100);
    const second = world.ask('second');
    await world.pass(99);
    expect([first.outcome, second.outcome]).toEqual(['waiting', 'waiting']);
    await world.pass(1);
    expect([first.outcome, second.outcome]).toEqual(['unavailable', 'unavailable']);
    for (let request = 0; request < 20; request += 1) {
      const later = world.ask(`later-${request}`);
      await world.pass(10);
      expect(later.outcome).toBe('unavailable');
    }
    expect(world.reads).toHaveLength(2);
  });

  it('is tried by one read at a time, after pauses that double up to their longest', async () => {
    const world = await hanging();
    for (const pause of [firstPause, firstPause * 2, longestPause, longestPause]) {
      await world.pass(pause - 1);
      const before = world.reads.length;
      world.ask('too early');
      await world.pass(1);
      expect(world.reads).toHaveLength(before);
      const tries = [world.ask('a'), world.ask('b'), world.ask('c')];
      await world.pass(0);
      expect(tries.map(({ outcome }) => outcome)).toEqual(['unavailable', 'unavailable', 'unavailable']);
      expect(world.reads).toHaveLength(before + 1);
      await world.pass(patience);
    }
  });

  it('is read as ever once a try has come back', async () => {
    const world = await hanging();
    await world.pass(firstPause);
    world.ask('try');
    world.reads.at(-1)!.serve();
    await world.pass(0);
    const next = world.ask('next');
    world.reads.at(-1)!.serve();
    await world.pass(0);
    expect(next.outcome).toBe('next');
  });

  it('is read as ever once the read that was given up has come after all', async () => {
    const world = await hanging();
    world.reads[0]!.serve();
    await world.pass(0);
    const next = world.ask('next');
    world.reads.at(-1)!.serve();
    await world.pass(0);
    expect(next.outcome).toBe('next');
  });

  it('is looked at by the read itself where the last news of it is old', async () => {
    const world = await hanging();
    await world.pass(newsLife);
    const well = world.ask('well');
    world.reads.at(-1)!.serve();
    await world.pass(0);
    expect(well.outcome).toBe('well');
  });

  it('keeps such a read no longer than a moment', async () => {
    const world = await hanging();
    await world.pass(newsLife);
    const read = world.ask('read');
    await world.pass(STORE_GUARD.tryPatience);
    expect(read.outcome).toBe('unavailable');
  });

  it('is not taken for one because a process was frozen', async () => {
    const world = new World();
    world.ask('before');
    await world.pass(600_000, { frozen: true });
    const after = world.ask('after');
    await world.pass(0);
    world.reads.at(-1)!.serve();
    await world.pass(0);
    expect(after.outcome).toBe('after');
  });

  it('is tried again however far a clock is set back', async () => {
    const world = await hanging();
    await world.pass(firstPause);
    world.ask('try');
    await world.pass(-3_600_000, { frozen: true });
    world.ask('first after');
    await world.pass(firstPause);
    const before = world.reads.length;
    world.ask('second after');
    expect(world.reads).toHaveLength(before + 1);
  });
});

describe('a store that refuses', () => {
  it('is left alone after the first refusal', async () => {
    const world = new World();
    const first = world.ask('first');
    world.reads[0]!.fail(REFUSED);
    await world.pass(0);
    const second = world.ask('second');
    await world.pass(0);
    expect([first.outcome, second.outcome]).toEqual(['unavailable', 'unavailable']);
    expect(world.reads).toHaveLength(1);
  });

  it.each<[string, Error]>([
    [
      'an object that may not be read',
      new SourceUnavailable('403', {
        cause: Object.assign(new Error('AccessDenied'), { $metadata: { httpStatusCode: 403 } }),
      }),
    ],
    ['a key that is none', new InvalidRequest('key', 'no key')],
  ])('is none because of %s', async (_, error) => {
    const world = new World();
    world.ask('first');
    world.reads[0]!.fail(error);
    await world.pass(0);
    world.ask('second');
    expect(world.reads).toHaveLength(2);
  });
});

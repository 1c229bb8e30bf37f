import { readPointer } from '../../lambda/catalog/pointer';
import { openStore } from '../../lambda/store/open-store';
import type { ObjectStore } from '../../lambda/store/object-store';
import { S3Server } from '../support/s3/server';
import type { Fault } from '../support/s3/faults';
import { SmallCatalog } from '../support/small-catalog';
import { Ledger } from './ledger';
import { type PublishEnd, Publisher } from './publisher';
import { HOT_CODES, TEAMS } from './questions';
import { Reader } from './readers';
import { drawReleases, linesOf, type Source } from './releases';
import type { Seeded } from './seeded';
import { Pair } from './servers';

const READERS = ['reader one', 'reader two', 'reader three'];

/** Tries of a publish that nothing disturbs. */
const PUBLISH_TRIES = 5;

/** A service with all that it stands on: store, servers, readers; and the publishers at work. */
export class World {
  readonly readers: Reader[] = [];
  /** Whether nothing has happened since the last publish in full that may keep the cache behind for a minute. */
  follows = false;
  readonly #working = new Set<Promise<PublishEnd>>();
  #fault: Promise<void> | undefined;

  private constructor(
    readonly ledger: Ledger,
    readonly sources: readonly Source[],
    readonly pair: Pair,
    readonly s3: S3Server,
    readonly store: ObjectStore,
    /** For what is asked besides the readers' own questions. */
    readonly chances: Seeded,
  ) {}

  static async start(seeded: Seeded, show: (line: string) => void): Promise<World> {
    const [pair, s3] = await Promise.all([Pair.start(), S3Server.start()]);
    Object.assign(process.env, s3.variables);
    const sources = drawReleases(seeded);
    const world = new World(new Ledger(show), sources, pair, s3, openStore(s3.url), seeded.branch());
    await world.#fill(sources);
    await world.publishInFull('r1');
    for (const name of READERS) world.readers.push(world.#reader(name, seeded));
    return world;
  }

  get releases(): readonly string[] {
    return this.sources.map(({ release }) => release);
  }

  publisher(release: string, pauses: readonly [number, number, number] = [0, 0, 0]): Publisher {
    const redis = this.pair.front.connectionString;
    const publisher = new Publisher(release, { storeUrl: this.s3.url, redis }, pauses);
    const { end } = publisher;
    this.#working.add(end);
    void end.then((how) => {
      this.#working.delete(end);
      this.ledger.say(`  publish of ${release}: ${how} ${publisher.complaint}`.trimEnd());
    });
    return publisher;
  }

  /** Publishes when all is in order, until it has been done in full. */
  async publishInFull(release: string): Promise<void> {
    await this.quiet();
    for (let attempt = 1; attempt <= PUBLISH_TRIES; attempt += 1) {
      if ((await this.publisher(release).end) !== 'in full') continue;
      this.follows = true;
      return;
    }
    this.ledger.blame(`no publish of ${release} ended in full, with all in order`);
  }

  /** No publisher is at work, and the store answers. */
  async quiet(): Promise<void> {
    await Promise.all(this.#working);
    await this.#fault;
  }

  /** The store behaves like that for a while. */
  async disturbStore(fault: Fault, milliseconds: number): Promise<void> {
    await this.#fault;
    this.s3.fault = () => fault;
    this.ledger.storeGoes();
    this.#fault = new Promise<void>((resolve) => setTimeout(resolve, milliseconds)).then(() => {
      this.s3.fault = () => undefined;
      this.ledger.storeReturns();
    });
  }

  async live(): Promise<string> {
    return (await readPointer(this.store))?.pointer.release ?? 'nothing';
  }

  async previous(): Promise<string | undefined> {
    return (await readPointer(this.store))?.pointer.previous;
  }

  async stop(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.stop()));
    await this.quiet();
    await Promise.all([this.pair.stop(), this.s3.stop()]);
  }

  /** Builds the releases, and gives every team a list that each of them has to judge. */
  async #fill(sources: readonly Source[]): Promise<void> {
    const catalog = new SmallCatalog();
    for (const source of sources) await catalog.build(source.release, linesOf(source));
    const codes = HOT_CODES.map((code, at) => {
      return { rank: at + 1, type: 'icd10' as const, code, shortDescription: 'of long ago', uses: 99 - at };
    });
    for (const teamId of TEAMS) {
      await catalog.putHotCodes({ teamId, generatedAt: '2026-01-01T00:00:00.000Z', codes });
    }
    for await (const { key } of catalog.store.list('')) {
      this.s3.bucket.objects.set(key, Buffer.from((await catalog.store.get(key)) ?? ''));
    }
    catalog.remove();
  }

  #reader(name: string, seeded: Seeded): Reader {
    return new Reader(
      name,
      {
        store: this.store,
        redis: this.pair.connectionString,
        sources: this.sources,
        answered: (reader, ...answer) => this.ledger.take(reader.name, ...answer),
      },
      seeded.branch(),
    );
  }
}

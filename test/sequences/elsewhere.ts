import { type Clock } from '../../lambda/names/clock';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { RunningService } from '../lookup/running-service';
import type { SmallCatalog } from '../support/small-catalog';
import { everyQuestion } from './questions';

/** Its readers come after its publishes, so that none has to be waited for. */
const AT_ONCE: Clock = { now: Date.now, sleep: () => Promise.resolve() };

/** Another environment: the same releases in a catalog of its own, another one of them live, and a Redis of its own. */
export class Elsewhere {
  private constructor(
    /** Its store takes the backups too. */
    readonly catalog: SmallCatalog,
    private readonly server: RedisServer,
  ) {}

  static async start(catalog: SmallCatalog): Promise<Elsewhere> {
    return new Elsewhere(catalog, await startRedisServer());
  }

  get connectionString(): string {
    return this.server.connectionString;
  }

  /** Goes over to a release, and has all that anybody may ask in its cache. */
  async use(release: string): Promise<void> {
    await this.catalog.publish(release, this.connectionString, AT_ONCE);
    const service = new RunningService(this.catalog.store, this.connectionString);
    for (const question of everyQuestion()) await question.ask(service);
    await service.close();
  }

  async stop(): Promise<void> {
    await this.server.stop();
    this.catalog.remove();
  }
}

import { Redis } from 'ioredis';
import { eventually } from './eventually';

/** Every command that a server carries out, in its order, as MONITOR tells them. */
export class CommandLog {
  readonly #commands: string[][] = [];

  private constructor(
    private readonly client: Redis,
    private readonly monitor: Redis,
  ) {}

  static async of(connectionString: string): Promise<CommandLog> {
    const client = new Redis(connectionString);
    const log = new CommandLog(client, await client.monitor());
    log.monitor.on('monitor', (_time: string, command: string[]) => log.#commands.push(command));
    return log;
  }

  /** Name and arguments of each command so far, the name in lower case. */
  async commands(): Promise<readonly (readonly string[])[]> {
    const mark = `mark ${this.#commands.length}`;
    await this.client.echo(mark);
    await eventually(
      () => this.#commands.some((command) => command[1] === mark),
      'the monitor has caught up',
    );
    return this.#commands.map(([name = '', ...args]) => [name.toLowerCase(), ...args]);
  }

  stop(): void {
    this.monitor.disconnect();
    this.client.disconnect();
  }
}

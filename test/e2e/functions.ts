import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type FunctionConfiguration,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import type { EnvironmentName } from '../../lambda/names/environments';
import type { FunctionName } from '../../lambda/names/functions';

export interface Invoked {
  readonly failed: boolean;
  readonly payload: Record<string, unknown>;
}

/** A function as it is deployed. */
export class DeployedFunction {
  private constructor(private readonly about: FunctionConfiguration) {}

  static async find(environment: EnvironmentName, name: FunctionName): Promise<DeployedFunction> {
    const description = `medical-codes ${environment}: ${name}`;
    const { Functions = [] } = await new LambdaClient({}).send(new ListFunctionsCommand({}));
    const about = Functions.find(({ Description }) => Description === description);
    if (about === undefined) throw new Error(`no function "${description}"`);
    return new DeployedFunction(about);
  }

  get arn(): string {
    return this.about.FunctionArn ?? '';
  }

  async invoke(event: unknown): Promise<Invoked> {
    const { FunctionError, Payload = new Uint8Array() } = await new LambdaClient({}).send(
      new InvokeCommand({ FunctionName: this.arn, Payload: JSON.stringify(event) }),
    );
    const payload = JSON.parse(Buffer.from(Payload).toString() || '{}') as Record<string, unknown> | null;
    return { failed: FunctionError !== undefined, payload: payload ?? {} };
  }

  /** What it has written since `from`, a line each. */
  async log(from: number): Promise<string[]> {
    const { events = [] } = await new CloudWatchLogsClient({}).send(
      new FilterLogEventsCommand({ logGroupName: this.about.LoggingConfig?.LogGroup, startTime: from }),
    );
    return events.flatMap(({ message = '' }) => message.split('\n'));
  }

  /** Waits until it has written a line that `matches`. */
  async logged(from: number, matches: (line: string) => boolean, withinMs = 30_000): Promise<string> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const line = (await this.log(from)).find(matches);
      if (line !== undefined) return line;
      if (Date.now() > deadline) throw new Error(`${this.about.Description ?? ''} never logged it`);
      await sleep(500);
    }
  }
}

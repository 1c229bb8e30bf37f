import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FunctionName } from '../../lambda/names/functions';
import { bundleFunction } from '../../lib/functions/bundle';

const RUN_EVENTS = `
const { handler } = require(process.argv[1]);
(async () => {
  for (const event of JSON.parse(process.argv[2])) {
    try {
      console.log('RESULT ' + JSON.stringify((await handler(event, {})) ?? null));
    } catch (error) {
      console.log('THROWN ' + error.message);
    }
  }
  process.exit(0);
})();`;

export interface Invocations {
  /** What the handler answered or threw, event by event. */
  readonly results: readonly { result?: unknown; thrown?: string }[];
  /** All that went to standard output and error: logs and metrics. */
  readonly output: string;
  /** The EMF blobs among it. */
  readonly blobs: readonly Record<string, unknown>[];
}

/** A function as it is deployed: its bundle, run by Node in a process of its own with nothing but its variables. */
export class BundledFunction {
  readonly #folder = mkdtempSync(join(tmpdir(), 'medical-codes-bundle-'));

  constructor(name: FunctionName) {
    bundleFunction(name, this.#folder);
  }

  /** Hands events to one process, one after the other. */
  async invoke(variables: Record<string, string>, events: readonly unknown[]): Promise<Invocations> {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['-e', RUN_EVENTS, join(this.#folder, 'index.js'), JSON.stringify(events)],
      { env: { PATH: process.env.PATH ?? '', ...variables }, timeout: 60_000, maxBuffer: 1 << 24 },
    );
    const lines = stdout.split('\n');
    return {
      results: lines.flatMap((line): { result?: unknown; thrown?: string }[] => {
        if (line.startsWith('RESULT '))
          return [{ result: JSON.parse(line.slice('RESULT '.length)) as unknown }];
        return line.startsWith('THROWN ') ? [{ thrown: line.slice('THROWN '.length) }] : [];
      }),
      output: stdout + stderr,
      blobs: lines
        .filter((line) => line.includes('"CloudWatchMetrics"'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

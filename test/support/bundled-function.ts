import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FunctionName } from '../../lambda/names/functions';
import { bundleFunction } from '../../lib/functions/bundle';

/** How time passes in the process that runs a handler. */
export interface ProcessClock {
  /** Time-outs take so many times as long; the pauses of `sleep` do not. */
  readonly patience: number;
  /** Time-outs between these, milliseconds, run out at once. */
  readonly atOnce?: { readonly over: number; readonly under: number };
  /** So many milliseconds pass between two events, and none besides. */
  readonly betweenEvents?: number;
}

/** Limits do not judge how busy the machine is. */
const PATIENT: ProcessClock = { patience: 100 };
/** For a test in which something never answers: the product's own limits. */
export const AS_DEPLOYED: ProcessClock = { patience: 1 };

/** A process that has not ended by then hangs, milliseconds. */
const HANGS_AFTER = 100_000;

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
  async invoke(
    variables: Record<string, string>,
    events: readonly unknown[],
    clock: ProcessClock = PATIENT,
  ): Promise<Invocations> {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [
        join(__dirname, 'invocation.mjs'),
        join(this.#folder, 'index.js'),
        JSON.stringify(events),
        JSON.stringify(clock),
      ],
      { env: { PATH: process.env.PATH ?? '', ...variables }, timeout: HANGS_AFTER, maxBuffer: 1 << 24 },
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

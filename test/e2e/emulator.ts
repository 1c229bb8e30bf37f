import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/redis-server';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
/** The region that a replica goes to. */
export const SECOND_REGION = 'eu-west-1';

export interface Emulator {
  /** What AWS_ENDPOINT_URL has to be. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/**
 * MiniStack on a free port. Its functions run as child processes with the `node` of the given environment's
 * PATH; all of them are in one process group, which ends with it.
 */
export async function startEmulator(
  pythonBin: string,
  environment: Readonly<Record<string, string>>,
  logFile: string,
): Promise<Emulator> {
  const port = await freePort();
  const child = spawn(join(pythonBin, 'ministack'), [], {
    detached: true,
    env: {
      ...environment,
      PATH: `${pythonBin}${delimiter}${environment.PATH ?? ''}`,
      GATEWAY_PORT: String(port),
      // API hosts then read as on AWS, and a request's Host header finds its API.
      MINISTACK_HOST: `${REGION}.amazonaws.com`,
      LAMBDA_EXECUTOR: 'local',
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      PYTHONUNBUFFERED: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const url = `http://127.0.0.1:${port}`;
  await ready(child, url, logFile);
  return { url, pid: child.pid ?? 0, stop: () => end(child) };
}

async function ready(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the emulator stopped at start-up, see ${logFile}`);
    try {
      const { ok } = await fetch(`${url}/_ministack/health`, { signal: AbortSignal.timeout(2_000) });
      if (ok) return;
    } catch {
      // Not yet.
    }
    await sleep(100);
  }
  await end(child);
  throw new Error(`the emulator did not answer within ${START_TIMEOUT_MS / 1000} s, see ${logFile}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid ?? 0, 'SIGKILL'), 5_000);
  await exited;
  clearTimeout(timer);
  // A function's process may outlive the emulator by a moment.
  signalGroup(child.pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
}

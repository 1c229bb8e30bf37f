import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RECOMMENDED_SETTINGS } from '../lambda/redis/recommended-settings';

const BINARIES = ['redis-server', 'valkey-server'];
const START_TIMEOUT_MS = 60_000;

/** A redis-server of one's own on a free loopback port, its files in a temporary folder. */
export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  /** `redis://127.0.0.1:<port>`, with `default:<password>@` where a password was asked for. */
  readonly connectionString: string;
  /** Ends the server (SIGTERM, then SIGKILL after 3 s) and removes its folder. */
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Port to listen on; a free one by default. */
  port?: number;
  password?: string;
  /** More configuration, as on redis-server's command line: `['--maxmemory', '5mb']`. */
  args?: readonly string[];
}

/** Path of an installed server binary, or undefined when the machine has none. */
export function findRedisServer(): string | undefined {
  for (const binary of BINARIES) {
    try {
      return execFileSync('/bin/sh', ['-c', `command -v ${binary}`], { encoding: 'utf8' }).trim();
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('the probe socket has no port');
  return address.port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function ready(child: ChildProcess, port: number, output: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`redis-server stopped at start-up: ${output().trim().slice(-500)}`);
    if (await accepts(port)) return;
    await sleep(20);
  }
  throw new Error(`redis-server did not listen within ${START_TIMEOUT_MS / 1000} s`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  // A stopped (SIGSTOP) server cannot act on SIGTERM; SIGKILL always works.
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await exited;
  clearTimeout(timer);
}

/**
 * Starts a private server with the recommended settings, persistence off.
 * @throws Error when no server binary is installed or it does not come up within a minute
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = findRedisServer();
  if (binary === undefined) throw new Error('no redis-server or valkey-server on PATH; run `npm run setup`');
  const port = options.port ?? (await freePort());
  const dir = mkdtempSync(join(tmpdir(), 'medical-codes-redis-'));
  const settings = Object.entries(RECOMMENDED_SETTINGS).flatMap(([name, value]) => [`--${name}`, value]);
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const secret = options.password === undefined ? [] : ['--requirepass', options.password];
  const child = spawn(binary, [...args, ...settings, ...secret, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2_000)));
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2_000)));
  const killOnExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killOnExit);
  const stop = async (): Promise<void> => {
    await end(child);
    process.removeListener('exit', killOnExit);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await ready(child, port, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  const credentials =
    options.password === undefined ? '' : `default:${encodeURIComponent(options.password)}@`;
  return {
    port,
    pid: child.pid ?? 0,
    connectionString: `redis://${credentials}127.0.0.1:${port}`,
    stop,
  };
}

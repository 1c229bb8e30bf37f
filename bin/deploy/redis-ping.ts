import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionTarget } from '../../lambda/redis/connection-string';
import { addressOf, type RedisAddress } from './redis-address';

/** Why a database did not answer PING, as far as the line tells. */
export type PingFailure =
  | 'unknown-host'
  | 'refused'
  | 'timeout'
  | 'tls-not-offered'
  | 'tls-expected'
  | 'certificate'
  | 'auth'
  | 'database'
  | 'not-redis'
  | 'error';

export type PingResult =
  | { readonly ok: true; readonly milliseconds: number }
  | { readonly ok: false; readonly failure: PingFailure; readonly detail: string };

/** Generous for a first connection across regions, short enough for a person who waits. */
export const PING_TIMEOUT_MS = 5_000;

const CERTIFICATE_ERROR = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|HOSTNAME_MISMATCH/;

/**
 * Sends AUTH and SELECT (where the string has a password or a database) and PING over one connection, without a client library: those
 * hide behind retries what exactly went wrong. Never throws; the result holds no secret.
 */
export async function pingRedis(target: ConnectionTarget, timeoutMs = PING_TIMEOUT_MS): Promise<PingResult> {
  const started = performance.now();
  const failure = await exchange(addressOf(target), commands(target), timeoutMs);
  return failure ?? { ok: true, milliseconds: Math.round(performance.now() - started) };
}

function commands({ username, password, db }: ConnectionTarget): string[][] {
  const login = username === undefined ? ['AUTH', password ?? ''] : ['AUTH', username, password ?? ''];
  return [
    ...(password === undefined ? [] : [login]),
    ...(db === 0 ? [] : [['SELECT', String(db)]]),
    ['PING'],
  ];
}

function encode(command: readonly string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

type Failed = Extract<PingResult, { ok: false }>;

function exchange(
  address: RedisAddress,
  sent: readonly string[][],
  timeoutMs: number,
): Promise<Failed | undefined> {
  return new Promise((resolve) => {
    let received = '';
    let connected = false;
    let ready = false;
    const socket = dial(address, () => {
      ready = true;
      socket.write(sent.map(encode).join(''));
    });
    socket.once('connect', () => (connected = true));
    const end = (failed?: Failed): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(failed);
    };
    const fail = (failure: PingFailure, detail: string): void => end({ ok: false, failure, detail });
    const timer = setTimeout(() => {
      const detail = `no answer within ${timeoutMs / 1000} s`;
      // Redis without TLS takes the start of a handshake for half a command, and waits for the rest.
      fail(connected && !ready ? 'tls-not-offered' : 'timeout', detail);
    }, timeoutMs);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.name;
      fail(failureOf(code, address.tls), code);
    });
    socket.on('close', () => {
      if (address.tls && ready) fail('error', 'closed without an answer');
      else if (address.tls) fail('tls-not-offered', 'closed during the handshake');
      else fail('tls-expected', 'closed without an answer');
    });
    socket.on('data', (chunk: Buffer) => {
      // 0x15 0x03 begins an alert of TLS, in whatever version.
      if (received === '' && chunk[0] === 0x15 && chunk[1] === 0x03) {
        fail('tls-expected', 'answered in TLS');
        return;
      }
      received += chunk.toString('latin1');
      const lines = received.split('\r\n').slice(0, -1);
      const refusal = lines.findIndex((line) => !/^\+(OK|PONG)$/.test(line));
      if (refusal >= 0) end(refused(lines[refusal] ?? '', sent[refusal]?.[0]));
      else if (lines.length >= sent.length) end();
      else if (received.length > 4_096) fail('not-redis', 'answered at length');
    });
  });
}

function dial({ host, port, tls }: RedisAddress, ready: () => void): Socket {
  if (!tls) return connectTcp({ host, port }, ready);
  const isAddress = /^[\d.]+$|:/.test(host);
  return connectTls({ host, port, ...(isAddress ? {} : { servername: host }) }, ready);
}

function failureOf(code: string, tls: boolean): PingFailure {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown-host';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'timeout';
  if (CERTIFICATE_ERROR.test(code)) return 'certificate';
  if (code === 'ECONNRESET' || code === 'EPIPE') return tls ? 'tls-not-offered' : 'tls-expected';
  return tls && /SSL|EPROTO/.test(code) ? 'tls-not-offered' : 'error';
}

function refused(line: string, command: string | undefined): Failed {
  // "AUTH <password> called without any password configured" is what an open server says to a password.
  if (/^-(WRONGPASS|NOAUTH|ERR invalid password|ERR (Client sent )?AUTH)/i.test(line)) {
    return { ok: false, failure: 'auth', detail: line.split(' ')[0]?.slice(1) ?? '' };
  }
  if (line.startsWith('-') && command === 'SELECT') {
    return { ok: false, failure: 'database', detail: line.split(' ')[0]?.slice(1) ?? '' };
  }
  if (line.startsWith('-')) return { ok: false, failure: 'error', detail: line.slice(1, 120) };
  return { ok: false, failure: 'not-redis', detail: 'answered in another protocol' };
}

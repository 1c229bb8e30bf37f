import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SourceUnavailable } from '../names/errors';
import { errorCode } from './system-error';

/** A holder needs milliseconds; whoever waits longer than this is told, milliseconds. */
const PATIENCE = 5_000;
const RETRY = 5;

/**
 * Runs `work` while holding an exclusive lock file. The file names its holder, so that the lock of a process
 * that died on this machine is broken at once; one held elsewhere is waited for.
 * @throws SourceUnavailable when the lock stays taken for 5 s
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`;
  const deadline = Date.now() + PATIENCE;
  while (!(await take(path, holder))) {
    if (await breakDead(path)) continue;
    if (Date.now() > deadline) {
      throw new SourceUnavailable(
        `${path} is locked by another process; if none is writing to this store, delete that file.`,
      );
    }
    await sleep(RETRY + Math.random() * RETRY);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** A link appears with its content at once, so that no one ever reads a lock without a holder. */
async function take(path: string, holder: string): Promise<boolean> {
  const ticket = `${path}.${randomUUID()}`;
  await writeFile(ticket, holder);
  try {
    await link(ticket, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(ticket, { force: true });
  }
}

/** Removes the lock of a dead process of this machine; true when the lock may now be free. */
async function breakDead(path: string): Promise<boolean> {
  const holder = await readFile(path, 'utf8').catch(() => undefined);
  if (holder === undefined) return true;
  if (!isDead(holder)) return false;
  // Two may find the same dead lock. Renaming first shows whether it was still that one.
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return true;
  }
  const moved = await readFile(aside, 'utf8').catch(() => holder);
  if (moved !== holder) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  return true;
}

function isDead(holder: string): boolean {
  const [host, pid] = holder.split(' ');
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

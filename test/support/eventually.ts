import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds, however slow the machine: a test that waits in vain fails by its own patience. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = 90_000,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never happened within ${patienceMs} ms: ${what}`);
    await sleep(10);
  }
}

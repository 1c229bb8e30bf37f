/** How the lag of a replica with a connection of its own is measured. */
export interface ReplicaLagHost {
  /** Stores a beat, milliseconds since 1970, on the primary. */
  beat(at: number): Promise<void>;
  /** The newest beat that the replica holds. */
  seen(): Promise<number | undefined>;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** How long a beat may take to arrive before the replica counts as behind. */
const ARRIVAL_BUDGET_MS = 2_000;
const POLL_MS = 50;

/**
 * Seconds that a replica is behind its primary: the time a fresh beat takes to arrive there, or, when it
 * does not arrive within two seconds, the age of the newest beat that did. Works where INFO tells nothing,
 * such as between two Redis Cloud databases, and while the primary is gone: the age then grows.
 * @returns undefined when the replica never saw a beat
 * @throws what reading the replica throws
 */
export async function measureReplicaLag(host: ReplicaLagHost): Promise<number | undefined> {
  const beat = host.now();
  const written = await host.beat(beat).then(
    () => true,
    () => false,
  );
  let seen = await host.seen();
  while (written && (seen === undefined || seen < beat) && host.now() - beat < ARRIVAL_BUDGET_MS) {
    await host.sleep(POLL_MS);
    seen = await host.seen();
  }
  if (seen === undefined) return undefined;
  return Math.max(0, host.now() - (written && seen >= beat ? beat : seen)) / 1_000;
}

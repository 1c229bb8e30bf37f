import type { BulkRedis } from '../redis/bulk-session';
import { dumpKeys, MAX_RESTARTS } from '../snapshot/dump';
import { createPace } from '../snapshot/pace';
import { type Clock } from '../names/clock';
import { readAhead } from '../snapshot/read-ahead';
import { rdbVersion } from '../snapshot/payload';
import type { SnapshotRecord } from '../snapshot/record';
import { CHECKPOINT_NAME, isPartName, MANIFEST_NAME, partName, runFolder } from './backup-layout';
import { type BackupManifest, type Checkpoint, encodeManifest } from './backup-manifest';
import { type BackupSettings, beginRun } from './begin-run';
import { releaseIn } from './live-release';
import { PartWriter } from './part-writer';
import { readableJson } from '../store/json-objects';
import type { ObjectStore } from '../store/object-store';

export interface BackupHost {
  readonly redis: BulkRedis;
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Milliseconds this process may still run; absent where nobody ends it. */
  readonly remainingMs?: () => number;
  /** `total` is what the database held at the start. */
  readonly onProgress?: (keys: number, total: number) => void;
}

/** A day and a night of 15 minutes each; a run that is not done by then makes no headway. */
const MAX_INVOCATIONS = 96;

class EndlessRun extends Error {
  constructor({ run, scan }: Checkpoint) {
    super(
      `The run ${run} is not done after ${MAX_INVOCATIONS} invocations; the plan's operations per second are too few for its ${scan.keysAtStart} keys.`,
    );
    this.name = 'EndlessRun';
  }
}

export type BackupOutcome =
  | { readonly status: 'complete'; readonly key: string; readonly manifest: BackupManifest }
  /** Time ran out; a new process goes on from the checkpoint. */
  | { readonly status: 'unfinished'; readonly key: string; readonly checkpoint: Checkpoint };

const DEFAULT_PART_BYTES = 64 * 1024 * 1024;

/**
 * Time kept back to finish a part and write the checkpoint, milliseconds: at the slowest rate a page of keys
 * takes seconds, an upload's last piece too.
 */
export const CHECKPOINT_MARGIN_MS = 60_000;

/**
 * Backs the database up: parts first, the manifest last. With little time left it stops at a safe place and
 * writes a checkpoint instead.
 * @param from checkpoint of the same run, to go on
 * @throws what made it fail, after removing what it had stored; there is no manifest then
 */
export async function runBackup(
  host: BackupHost,
  settings: BackupSettings,
  from?: Checkpoint,
): Promise<BackupOutcome> {
  const run = new BackupRun(host, settings, from ?? (await beginRun(host.redis, settings, host.clock.now())));
  try {
    return await run.perform();
  } catch (error) {
    await run.discard();
    throw error;
  }
}

class BackupRun {
  readonly #folder: string;
  readonly #state: Checkpoint;
  #part: PartWriter | undefined;
  #partsOpened: number;

  constructor(
    private readonly host: BackupHost,
    private readonly settings: BackupSettings,
    from: Checkpoint,
  ) {
    this.#state = structuredClone(from);
    this.#state.scan.invocations += 1;
    this.#partsOpened = from.parts.length;
    this.#folder = runFolder(settings.prefix, from.run);
  }

  async perform(): Promise<BackupOutcome> {
    const { host } = this;
    const state = this.#state;
    if (state.scan.invocations > MAX_INVOCATIONS) throw new EndlessRun(state);
    const batches = dumpKeys(host.redis, {
      pace: createPace(this.settings.opsPerSecond, host.clock),
      cursor: state.cursor,
      serverId: state.serverId,
      match: state.scan.match,
      restartsLeft: MAX_RESTARTS - state.scan.restarts,
    });
    for await (const batch of readAhead(batches)) {
      for (const record of batch.records) await this.#write(record);
      state.gone += batch.gone;
      state.leases += batch.leases;
      if (batch.restarted) state.scan.restarts += 1;
      host.onProgress?.(state.keys, state.scan.keysAtStart);
      if (batch.cursor === undefined || batch.cursor === '0') continue;
      state.cursor = batch.cursor;
      state.serverId = host.redis.serverId;
      if (this.#outOfTime()) return await this.#suspend();
    }
    return await this.#finish();
  }

  /** Removes what the run has stored. Never throws: the reason of the failure matters more. */
  async discard(): Promise<void> {
    await this.#part?.abort().catch(() => undefined);
    const names = Array.from({ length: this.#partsOpened }, (_, index) => partName(index + 1));
    for (const name of [...names, CHECKPOINT_NAME]) {
      await this.host.store.delete(this.#folder + name).catch(() => undefined);
    }
  }

  async #write(record: SnapshotRecord): Promise<void> {
    const state = this.#state;
    const version = rdbVersion(record.payload) ?? 0;
    await (this.#part ??= this.#openPart()).write(record);
    state.keys += 1;
    state.payloadBytes += record.payload.length;
    state.redis.rdbVersion = Math.max(state.redis.rdbVersion ?? 0, version);
    if (this.#part.rawBytes >= (this.settings.partBytes ?? DEFAULT_PART_BYTES)) await this.#closePart();
  }

  #openPart(): PartWriter {
    const name = partName(++this.#partsOpened);
    return new PartWriter(this.host.store, this.#folder + name, name, this.#retention());
  }

  async #closePart(): Promise<void> {
    if (this.#part === undefined) return;
    this.#state.parts.push(await this.#part.close());
    this.#part = undefined;
  }

  #retention(): { retainUntil?: Date } {
    const { retainUntil } = this.#state;
    return retainUntil === undefined ? {} : { retainUntil: new Date(retainUntil) };
  }

  #outOfTime(): boolean {
    const { remainingMs } = this.host;
    return remainingMs !== undefined && remainingMs() < CHECKPOINT_MARGIN_MS;
  }

  async #suspend(): Promise<BackupOutcome> {
    await this.#closePart();
    this.#state.sequence += 1;
    const key = this.#folder + CHECKPOINT_NAME;
    await this.host.store.put(key, readableJson(this.#state));
    return { status: 'unfinished', key, checkpoint: this.#state };
  }

  async #finish(): Promise<BackupOutcome> {
    await this.#closePart();
    const { sequence, cursor: _cursor, serverId: _serverId, ...progress } = this.#state;
    const manifest: BackupManifest = {
      ...progress,
      release: await this.#releaseThroughout(),
      finishedAt: new Date(this.host.clock.now()).toISOString(),
    };
    await this.#removeStrays();
    const key = this.#folder + MANIFEST_NAME;
    await this.host.store.put(key, encodeManifest(manifest), this.#retention());
    // The backup is complete without this; a checkpoint beside a manifest is known to be spent.
    if (sequence > 0) await this.host.store.delete(this.#folder + CHECKPOINT_NAME).catch(() => undefined);
    return { status: 'complete', key, manifest };
  }

  /** A publish in between leaves values of two releases; a name that lapsed meanwhile says nothing. */
  async #releaseThroughout(): Promise<string | null> {
    const { release } = this.#state;
    const now = await releaseIn(this.host.redis, this.host.clock.now());
    return now === null || now === release ? release : null;
  }

  /** An invocation that died after its checkpoint may have left parts which this one did not write again. */
  async #removeStrays(): Promise<void> {
    const { store } = this.host;
    const own = new Set(this.#state.parts.map((part) => this.#folder + part.name));
    for await (const { key } of store.list(this.#folder)) {
      if (isPartName(key.slice(this.#folder.length)) && !own.has(key)) await store.delete(key);
    }
  }
}

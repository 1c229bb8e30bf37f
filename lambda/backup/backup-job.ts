import * as z from 'zod/mini';
import type { MetricSink } from '../telemetry/emit';
import { errorFields, type Log } from '../telemetry/logger';
import { CHECKPOINT_NAME, MANIFEST_NAME, normalisedPrefix, parseRunKey, runFolder } from './backup-layout';
import { type Checkpoint, parseCheckpoint } from './backup-manifest';
import { storedBytes } from './soundness';
import { type BackupHost, type BackupOutcome, runBackup } from './backup-run';
import type { BackupSettings } from './begin-run';

/** What the function is called for: a new run, or to go on from a checkpoint. */
export type JobRequest =
  { readonly kind: 'start' } | { readonly kind: 'continue'; readonly checkpointKey: string };

const continuationSchema = z.union([
  // A person's call.
  z.object({ checkpoint: z.string() }),
  // S3's event through EventBridge: a run has written its checkpoint.
  z.object({
    source: z.literal('aws.s3'),
    detail: z.object({ object: z.object({ key: z.string() }) }),
  }),
]);

/** Anything but a continuation starts a run: a schedule's event, or a call by hand with `{}`. */
export function parseRequest(event: unknown): JobRequest {
  const parsed = z.safeParse(continuationSchema, event);
  if (!parsed.success) return { kind: 'start' };
  const checkpointKey = 'checkpoint' in parsed.data ? parsed.data.checkpoint : parsed.data.detail.object.key;
  return { kind: 'continue', checkpointKey };
}

export interface JobHost extends BackupHost {
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** `nothing`: the checkpoint's run is over, so that an event delivered twice does no harm. */
export type JobOutcome = BackupOutcome | { readonly status: 'nothing' };

/**
 * One invocation of the backup function. A success counts `BackupSucceeded` with its keys, bytes and duration;
 * a checkpoint counts nothing yet.
 * @throws what made the run fail, after `BackupFailed` is counted
 */
export async function performJob(
  host: JobHost,
  settings: BackupSettings,
  request: JobRequest,
): Promise<JobOutcome> {
  const { log, metrics } = host;
  try {
    const from =
      request.kind === 'start' ? undefined : await checkpointOf(host, settings, request.checkpointKey);
    if (request.kind === 'continue' && from === undefined) {
      log.write('info', 'nothing to go on with: the run is over', { key: request.checkpointKey });
      return { status: 'nothing' };
    }
    const outcome = await runBackup(host, settings, from);
    report(host, outcome);
    return outcome;
  } catch (error) {
    metrics.add('BackupFailed', 'Count', 1);
    log.write('error', 'backup failed', { error: errorFields(error) });
    throw error;
  } finally {
    metrics.flush();
  }
}

async function checkpointOf(
  { store }: JobHost,
  { prefix }: BackupSettings,
  key: string,
): Promise<Checkpoint | undefined> {
  const parsed = parseRunKey(prefix, key);
  if (parsed?.file !== CHECKPOINT_NAME) {
    throw new Error(`${key} is no checkpoint below ${normalisedPrefix(prefix)}.`);
  }
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  if ((await store.get(runFolder(prefix, parsed.run) + MANIFEST_NAME)) !== undefined) return undefined;
  return parseCheckpoint(key, bytes);
}

function report({ log, metrics }: JobHost, outcome: BackupOutcome): void {
  if (outcome.status === 'unfinished') {
    const { keys, sequence, scan } = outcome.checkpoint;
    log.write('info', 'backup goes on in another invocation', {
      key: outcome.key,
      keys,
      sequence,
      keysAtStart: scan.keysAtStart,
    });
    return;
  }
  const { key, manifest } = outcome;
  const bytes = storedBytes(outcome);
  const duration = Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt);
  metrics.add('BackupSucceeded', 'Count', 1);
  metrics.add('BackupKeys', 'Count', manifest.keys);
  metrics.add('BackupBytes', 'Bytes', bytes);
  metrics.add('BackupDuration', 'Milliseconds', duration);
  log.write('info', 'backup complete', { key, keys: manifest.keys, bytes, duration });
}

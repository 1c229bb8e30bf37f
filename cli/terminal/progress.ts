import { Presets, SingleBar } from 'cli-progress';

/** Progress of one long step, in units of the caller's choice. */
export interface Progress {
  /** Sets how far the step is; `total` may become known, or grow, on the way. */
  update(done: number, total?: number): void;
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/**
 * A bar on standard error with rate and time left; nothing at all where standard error is no terminal, so
 * that logs of pipelines stay readable.
 * @param unit what is counted, e.g. `keys`
 */
export function startProgress(label: string, unit: string, total: number): Progress {
  if (!process.stderr.isTTY) return SILENT;
  const started = Date.now();
  const bar = new SingleBar(
    {
      format: `${label} [{bar}] {percentage}% | {value}/{total} ${unit} | {rate} ${unit}/s | {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: false,
      fps: 8,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { rate: '-' });
  return {
    update: (done, newTotal) => {
      if (newTotal !== undefined) bar.setTotal(newTotal);
      const seconds = (Date.now() - started) / 1_000;
      bar.update(done, { rate: seconds > 0 ? Math.round(done / seconds).toLocaleString('en') : '-' });
    },
    stop: () => bar.stop(),
  };
}

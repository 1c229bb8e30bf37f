import type { CatalogDiff, DiffSide } from '../../lambda/catalog/diff/release-diff';
import type { ObjectStore } from '../../lambda/store/object-store';
import type { CliContext, SharedOptions } from '../context';
import { UsageError } from '../terminal/failure';
import { StepBars } from '../terminal/step-bars';

export interface DiffOptions extends SharedOptions {
  csv?: boolean;
  limit?: number;
}

/** Codes of each kind that the text names unless told otherwise. */
const DEFAULT_LIMIT = 20;

export const DIFF_HELP = `
<from> and <to> are each a release, a release on a day, or the live release on a day:
  diff 2026.1 2027.1                        by what is last known of every code
  diff 2027.1                               with the live release
  diff 2027.1@2025-10-01 2027.1@2026-10-01  what changes for claims between two days
  diff 2027.1@2026-10-01                    with the live release on the same day
  diff @2025-10-01 @2026-10-01              two days of the live release
Give a day to both or to none. --json and --csv leave nothing out.`;

export async function diffCommand(
  context: CliContext,
  { csv = false, limit = DEFAULT_LIMIT }: DiffOptions,
  [from = '', to]: readonly string[],
): Promise<void> {
  if (csv && context.output.json) throw new UsageError('Choose one of --csv and --json.');
  const [{ parseSide }, { diffReleases }, store] = await Promise.all([
    import('./diff-side'),
    import('../../lambda/catalog/diff/release-diff'),
    context.openStore(),
  ]);
  const sides = await namedSides(store, parseSide(from), to === undefined ? undefined : parseSide(to));
  const bars = new StepBars();
  const diff = await diffReleases(store, ...sides, (done, total) =>
    bars.show('compare', 'shards', done, total),
  ).finally(() => bars.stop());
  const text = await rendering(csv, limit);
  context.output.result(diff, () => text(diff));
}

async function rendering(csv: boolean, limit: number): Promise<(diff: CatalogDiff) => string> {
  if (csv) return (await import('./diff-csv')).diffCsv;
  const { diffText } = await import('./diff-text');
  return (diff) => diffText(diff, limit);
}

/** A side as it was written; without a release the live one is meant. */
type WrittenSide = Partial<DiffSide>;

/** Both sides with their releases. Without a second one it is the live release, on the day of the first. */
async function namedSides(
  store: ObjectStore,
  from: WrittenSide,
  to: WrittenSide = { on: from.on },
): Promise<[DiffSide, DiffSide]> {
  const { readPointer } = await import('../../lambda/catalog/pointer');
  const live =
    from.release === undefined || to.release === undefined
      ? (await readPointer(store))?.pointer.release
      : undefined;
  const named = ({ release = live, on }: WrittenSide): DiffSide => {
    if (release !== undefined) return on === undefined ? { release } : { release, on };
    throw new UsageError(`No release is live in ${store.url}; name both releases.`);
  };
  return [named(from), named(to)];
}

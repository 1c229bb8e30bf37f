import type { CatalogDiff, CodeSystemDiff } from '../../lambda/catalog/publish/release-diff';
import { CODE_SYSTEMS } from '../../lambda/codes/systems';
import { CODE_TYPES } from '../../lambda/names/code-types';
import type { CliContext, SharedOptions } from '../context';
import { UsageError } from '../terminal/failure';
import { StepBars } from '../terminal/step-bars';

export interface DiffOptions extends SharedOptions {
  limit?: number;
}

const DEFAULT_LIMIT = 20;

export async function diffCommand(
  context: CliContext,
  options: DiffOptions,
  [from, to]: readonly string[],
): Promise<void> {
  const [{ diffReleases }, { readPointer }, store] = await Promise.all([
    import('../../lambda/catalog/publish/release-diff'),
    import('../../lambda/catalog/pointer'),
    context.openStore(),
  ]);
  const against = to ?? (await readPointer(store))?.pointer.release;
  if (from === undefined || against === undefined) {
    throw new UsageError(`No release is live in ${store.url}; name the second release too.`);
  }
  const bars = new StepBars();
  const diff = await diffReleases(store, from, against, (done, total) =>
    bars.show('compare', 'shards', done, total),
  ).finally(() => bars.stop());
  context.output.result(diff, () => diffText(diff, options.limit ?? DEFAULT_LIMIT));
}

function diffText({ from, to, types }: CatalogDiff, limit: number): string {
  const parts = CODE_TYPES.flatMap((type) => {
    const diff = types[type];
    return diff === undefined ? [] : [systemText(CODE_SYSTEMS[type].name, diff, limit)];
  });
  return [`From release ${from} to ${to}:`, ...parts].join('\n\n');
}

function systemText(name: string, diff: CodeSystemDiff, limit: number): string {
  const count = (n: number): string => n.toLocaleString('en');
  const { before, after } = diff;
  return [
    `${name}: ${count(before.total)} → ${count(after.total)} codes, ${count(before.billable)} → ${count(after.billable)} billable (+${count(diff.billableAdded)}, −${count(diff.billableRemoved)})`,
    ...section('added', diff.added, limit, ({ code, description }) => `+ ${code}  ${description}`),
    ...section('removed', diff.removed, limit, ({ code, description }) => `- ${code}  ${description}`),
    ...section(
      'with a revised long description',
      diff.revised,
      limit,
      (each) => `~ ${each.code}  ${each.before}\n    → ${each.after}`,
    ),
    ...section(
      'now a header, or now billable',
      diff.billableChanged,
      limit,
      ({ code, billable }) => `~ ${code}  ${billable ? 'now billable' : 'now a header'}`,
    ),
    ...section('otherwise changed', diff.otherwiseChanged, limit, (code) => `~ ${code}`),
  ].join('\n');
}

function section<T>(title: string, all: readonly T[], limit: number, line: (item: T) => string): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, limit).map((item) => `  ${line(item)}`);
  const more = all.length > limit ? [`  … ${all.length - limit} more (--limit, --json)`] : [];
  return [
    `${all.length.toLocaleString('en')} ${title}${limit === 0 ? '' : ':'}`,
    ...shown,
    ...(limit === 0 ? [] : more),
  ];
}

import type { ReleaseSummary } from '../../lambda/catalog/releases';
import { CODE_TYPES } from '../../lambda/names/code-types';
import type { CliContext } from '../context';
import { formatBytes, table } from '../terminal/table';

export async function listCommand(context: CliContext): Promise<void> {
  const [{ listReleases }, store] = await Promise.all([
    import('../../lambda/catalog/releases'),
    context.openStore(),
  ]);
  const releases = await listReleases(store);
  context.output.result({ store: store.url, releases }, () => {
    if (releases.length === 0) return `No release in ${store.url}. Build one: catalog build --help`;
    const header = ['release', 'state', 'built', ...CODE_TYPES, 'crosswalk', 'size'];
    return table(header, releases.map(row), [3, 4, 5, 6, 7]);
  });
}

function row({ release, state, createdAt, counts, crosswalkLinks, bytes }: ReleaseSummary): string[] {
  return [
    release,
    state,
    createdAt?.slice(0, 16).replace('T', ' ') ?? '-',
    ...CODE_TYPES.map((type) => counts?.[type]?.total.toLocaleString('en') ?? '-'),
    crosswalkLinks?.toLocaleString('en') ?? '-',
    formatBytes(bytes),
  ];
}

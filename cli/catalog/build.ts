import type { BuildReport } from '../../lambda/catalog/build/build-release';
import type { BuildSources } from '../../lambda/catalog/build/build-request';
import type { DatedSource } from '../../lambda/catalog/import/edition-day';
import type { Manifest } from '../../lambda/catalog/manifest';
import { CODE_SYSTEMS } from '../../lambda/codes/systems';
import { CODE_TYPES } from '../../lambda/names/code-types';
import type { CliContext, SharedOptions } from '../context';
import { formatBytes, table } from '../terminal/table';
import { StepBars } from '../terminal/step-bars';

export interface BuildOptions extends SharedOptions {
  release: string;
  icd10?: string[];
  icd10Notes?: string[];
  icd10Addenda?: string[];
  icd10Conversion?: string[];
  hcpcs?: string[];
  cpt?: string[];
  crosswalk?: string[];
  base?: string;
  skipInvalid?: boolean;
}

const LABELS = { read: 'read', store: 'store', carry: 'carry over' } as const;

/** Skipped lines that a person is shown; `--json` has them all, up to a thousand. */
const SHOWN_SKIPS = 20;

export async function buildCommand(context: CliContext, options: BuildOptions): Promise<void> {
  const [{ buildRelease }, { parseDatedSource }, store] = await Promise.all([
    import('../../lambda/catalog/build/build-release'),
    import('../../lambda/catalog/import/edition-day'),
    context.openStore(),
  ]);
  const { release, base, crosswalk = [], icd10Conversion = [] } = options;
  const dated = (option: string, files: readonly string[] = []): DatedSource[] =>
    files.map((file) => parseDatedSource(file, option));
  const sources: BuildSources = {
    icd10: dated('--icd10', options.icd10),
    icd10Notes: dated('--icd10-notes', options.icd10Notes),
    icd10Addenda: dated('--icd10-addenda', options.icd10Addenda),
    icd10Conversion,
    hcpcs: dated('--hcpcs', options.hcpcs),
    cpt: dated('--cpt', options.cpt),
    crosswalk,
  };
  const bars = new StepBars();
  const report = await buildRelease(
    store,
    {
      release,
      base,
      sources,
      skipInvalid: options.skipInvalid === true,
    },
    {
      now: () => new Date(),
      onProgress: ({ step, subject, done, total }) =>
        bars.show(`${LABELS[step]} ${subject}`, step === 'read' ? 'bytes' : 'objects', done, total),
    },
  ).finally(() => bars.stop());
  for (const warning of report.warnings) context.output.warn(warning);
  const { objects, ...manifest } = report.manifest;
  const sizes = Object.values(objects);
  const result = {
    store: store.url,
    ...manifest,
    objects: sizes.length,
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    skipped: report.skipped,
    warnings: report.warnings,
  };
  context.output.result(result, () => buildText(store.url, report, result.bytes));
}

function buildText(url: string, { manifest, skipped }: BuildReport, bytes: number): string {
  const lines = [
    `Built release ${manifest.release} in ${url}: ${Object.keys(manifest.objects).length} objects, ${formatBytes(bytes)}.`,
    '',
    countsTable(manifest),
    '',
    editionsTable(manifest),
    '',
    `Crosswalk links: ${manifest.crosswalkLinks.toLocaleString('en')}. ICD-10-CM codes with notes: ${manifest.codesWithNotes.toLocaleString('en')}.`,
  ];
  if (skipped.total > 0) {
    lines.push('', `Left out ${skipped.total} invalid lines:`);
    for (const { file, line, reason } of skipped.listed.slice(0, SHOWN_SKIPS)) {
      lines.push(`  ${file}, line ${line}: ${reason}`);
    }
    if (skipped.total > SHOWN_SKIPS) lines.push(`  … and ${skipped.total - SHOWN_SKIPS} more (see --json)`);
  }
  lines.push('', `Nobody sees it yet. Make it live: catalog publish --release ${manifest.release}`);
  return lines.join('\n');
}

/** Codes of a release by code system. */
function countsTable({ counts }: Manifest): string {
  const rows = CODE_TYPES.flatMap((type) => {
    const count = counts[type];
    if (count === undefined) return [];
    return [
      [
        CODE_SYSTEMS[type].name,
        ...[count.total, count.billable, count.header, count.ended].map((n) => n.toLocaleString('en')),
      ],
    ];
  });
  return table(['code system', 'codes', 'billable', 'headers', 'ended'], rows, [1, 2, 3, 4]);
}

/** Editions of a release, each with what is in force on its first day. */
function editionsTable({ editions }: Manifest): string {
  const rows = CODE_TYPES.flatMap((type) =>
    (editions[type] ?? []).map(({ from = 'any date', codes, billable }) => [
      CODE_SYSTEMS[type].name,
      from,
      ...[codes, billable].map((n) => n.toLocaleString('en')),
    ]),
  );
  return table(['edition', 'from', 'codes', 'billable'], rows, [2, 3]);
}

import type { BuildReport } from '../../lambda/catalog/build/build-release';
import type { Manifest } from '../../lambda/catalog/manifest';
import { CODE_SYSTEMS } from '../../lambda/codes/systems';
import { CODE_TYPES } from '../../lambda/names/code-types';
import type { CliContext, SharedOptions } from '../context';
import { interruptible } from '../terminal/interrupt';
import { formatBytes, table } from '../terminal/table';
import { StepBars } from '../terminal/step-bars';

export interface BuildOptions extends SharedOptions {
  release: string;
  icd10?: string[];
  icd10Notes?: string[];
  hcpcs?: string[];
  cpt?: string[];
  crosswalk?: string[];
  skipInvalid?: boolean;
}

/** Skipped lines that a person is shown; `--json` has them all, up to a thousand. */
const SHOWN_SKIPS = 20;

const UNSEEN = 'nobody sees anything of this release, and the same command builds it again.';

export async function buildCommand(context: CliContext, options: BuildOptions): Promise<void> {
  const [{ buildRelease }, store] = await Promise.all([
    import('../../lambda/catalog/build/build-release'),
    context.openStore(),
  ]);
  const { release, icd10 = [], icd10Notes = [], hcpcs = [], cpt = [], crosswalk = [] } = options;
  const bars = new StepBars();
  const report = await interruptible(UNSEEN, (signal) =>
    buildRelease(
      store,
      {
        release,
        sources: { icd10, icd10Notes, hcpcs, cpt, crosswalk },
        skipInvalid: options.skipInvalid === true,
      },
      {
        now: () => new Date(),
        signal,
        onProgress: ({ step, subject, done, total }) =>
          step === 'read'
            ? bars.show(`read ${subject}`, 'bytes', done, total)
            : bars.show(`store ${subject}`, 'objects', done, total),
      },
    ),
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
        ...[count.total, count.billable, count.header].map((n) => n.toLocaleString('en')),
      ],
    ];
  });
  return table(['code system', 'codes', 'billable', 'headers'], rows, [1, 2, 3]);
}

import type { Command } from 'commander';
import { action, addCommand, wholeNumber } from '../program';
import { type BuildOptions, buildCommand } from './build';
import { DIFF_HELP, type DiffOptions, diffCommand } from './diff';
import { listCommand } from './list';
import { type PublishOptions, publishCommand, type RollbackOptions, rollbackCommand } from './publish';

/** Adds `catalog build | publish | list | diff | rollback`. */
export function registerCatalog(program: Command): void {
  const group = program
    .command('catalog')
    .description('Build releases of code sets, and choose the live one');
  addCommand(group, 'build', 'build a release from code files; nobody sees it before it is published')
    .requiredOption('--release <id>', 'id of the new release, such as 2027.1')
    .option(
      '--icd10 <[date=]file...>',
      'ICD-10-CM order file (icd10cm_order_YYYY.txt), or CSV code,short,long[,billable]; several editions by their first day, 2025-10-01=FILE',
    )
    .option('--icd10-notes <[date=]file...>', 'ICD-10-CM tabular list (icd10cm_tabular_YYYY.xml), for notes')
    .option('--icd10-addenda <date=file...>', 'addenda to the order file, as an edition of their own')
    .option('--icd10-conversion <file...>', "CDC's conversion table as CSV: what replaces which code")
    .option('--hcpcs <[date=]file...>', 'HCPCS contractor file (320-byte records), or CSV')
    .option(
      '--cpt <[date=]file...>',
      "the AMA's LONGULT.TXT, with MEDULT.TXT and SHORTULT.TXT if at hand, or CSV",
    )
    .option(
      '--crosswalk <file...>',
      'CSV icd10,cpt[,relationship][,source], or article_x_icd10_covered.csv and article_x_hcpc_code.csv',
    )
    .option('--base <release>', 'release from which all is carried over that is not given anew')
    .option('--skip-invalid', 'leave out and list lines that cannot be imported, instead of stopping')
    .action(action<BuildOptions>(buildCommand));
  addCommand(group, 'publish', 'verify a release, make it live, and remove from the cache what changed')
    .requiredOption('--release <id>', 'release to publish')
    .option(
      '--no-cache',
      'do not tell Redis; lookups notice within a minute, and read everything from the catalog once more',
    )
    .option('--dry-run', 'verify and compare, but change nothing')
    .action(action<PublishOptions>(publishCommand));
  addCommand(group, 'list', 'list the releases of the store').action(action(listCommand));
  addCommand(group, 'diff <from> [to]', 'compare two releases, or what is active in them on two days')
    .option('--csv', 'print every change as a row of CSV: system,code,change,before,after')
    .option('--limit <n>', 'codes to name of each kind (default: 20)', wholeNumber('--limit', 0, 1_000_000))
    .addHelpText('after', DIFF_HELP)
    .action(action<DiffOptions>(diffCommand));
  addCommand(group, 'rollback', 'publish the release that was live before, or the one named')
    .option('--to <id>', 'release to go back to')
    .option(
      '--no-cache',
      'do not tell Redis; lookups notice within a minute, and read everything from the catalog once more',
    )
    .option('--dry-run', 'verify and compare, but change nothing')
    .option('--yes', 'do not ask')
    .action(action<RollbackOptions>(rollbackCommand));
}

import type { CodeSystemDiff } from '../../lambda/catalog/diff/code-changes';
import type { CrosswalkDiff, LinkChanges } from '../../lambda/catalog/diff/link-changes';
import type { NoteChange } from '../../lambda/catalog/diff/note-changes';
import type { CatalogDiff, DiffSide, NotCompared } from '../../lambda/catalog/diff/release-diff';
import { CODE_SYSTEMS } from '../../lambda/codes/systems';
import { CODE_TYPES } from '../../lambda/names/code-types';

/** A comparison for people, each list cut after `limit` codes. */
export function diffText({ from, to, types, notCompared, crosswalk }: CatalogDiff, limit: number): string {
  const systems = CODE_TYPES.flatMap((type) => {
    const diff = types[type];
    return diff === undefined ? [] : [systemText(CODE_SYSTEMS[type].name, diff, limit)];
  });
  const links = crosswalk === undefined ? [] : [crosswalkText(crosswalk, limit)];
  return [
    `From ${sideText(from)} to ${sideText(to)}:`,
    ...systems,
    ...notCompared.map(tooEarlyText),
    ...links,
  ].join('\n\n');
}

function sideText({ release, on }: DiffSide): string {
  return on === undefined ? `release ${release}` : `release ${release} on ${on}`;
}

function tooEarlyText({ type, release, on, firstDay }: NotCompared): string {
  return `${CODE_SYSTEMS[type].name}: not compared, because release ${release} knows nothing of it on ${on}; its first edition is of ${firstDay}`;
}

function systemText(name: string, diff: CodeSystemDiff, limit: number): string {
  const { before, after } = diff;
  const codes = `${count(before.billable + before.header)} → ${count(after.billable + after.header)} codes`;
  const billable = `${count(before.billable)} → ${count(after.billable)} billable (+${count(diff.billableAdded)}, −${count(diff.billableRemoved)})`;
  const ended =
    before.ended + after.ended === 0 ? '' : `, ${count(before.ended)} → ${count(after.ended)} ended`;
  return [
    `${name}: ${codes}, ${billable}${ended}`,
    ...section('added', diff.added, limit, ({ code, description }) => `+ ${code}  ${description}`),
    ...section('ended', diff.ended, limit, (each) => {
      const lastDay = each.lastDay === null ? '' : ` (last day ${each.lastDay})`;
      return `- ${each.code}  ${each.description}${lastDay}${insteadText(each)}`;
    }),
    ...section('with a revised long description', diff.revised, limit, revisionText),
    ...section('with a revised short description alone', diff.shortRevised, limit, revisionText),
    ...section(
      'turned header',
      diff.turnedHeader,
      limit,
      (each) => `~ ${each.code}  ${each.description}${insteadText(each)}`,
    ),
    ...section(
      'turned billable',
      diff.turnedBillable,
      limit,
      ({ code, description }) => `~ ${code}  ${description}`,
    ),
    ...section('with changed notes', diff.notes, limit, ({ code, changes }) =>
      [`~ ${code}`, ...changes.flatMap(noteLines)].join('\n    '),
    ),
    ...section(
      'changed otherwise (dates, earlier states, order of notes, replacements)',
      diff.otherwiseChanged,
      limit,
      (code) => `~ ${code}`,
    ),
  ].join('\n');
}

function revisionText({ code, before, after }: { code: string; before: string; after: string }): string {
  return `~ ${code}  ${before}\n    → ${after}`;
}

function insteadText({ replacedBy }: { replacedBy: readonly string[] }): string {
  return replacedBy.length === 0 ? '' : `\n    instead: ${replacedBy.join(', ')}`;
}

function noteLines({ kind, removed, added }: NoteChange): string[] {
  return [...removed.map((text) => `- ${kind}: ${text}`), ...added.map((text) => `+ ${kind}: ${text}`)];
}

function crosswalkText({ before, after, changes }: CrosswalkDiff, limit: number): string {
  return [
    `Crosswalk: ${count(before)} → ${count(after)} links`,
    ...section('diagnoses with changed links', changes, limit, linksText),
  ].join('\n');
}

function linksText({ icd10, added, removed, relationshipChanged, sourcesChanged }: LinkChanges): string {
  const listed = (sign: string, links: readonly string[]): string[] =>
    links.length === 0 ? [] : [`${sign} ${links.join(', ')}`];
  return [
    `~ ${icd10}`,
    ...listed('-', removed.map(linkText)),
    ...listed('+', added.map(linkText)),
    ...relationshipChanged.map((each) => `~ ${each.cpt} ${each.before} → ${each.after}`),
    ...listed('~ other sources:', sourcesChanged),
  ].join('\n    ');
}

function linkText({ cpt, relationship }: { cpt: string; relationship: string }): string {
  return `${cpt} ${relationship}`;
}

function section<T>(title: string, all: readonly T[], limit: number, line: (item: T) => string): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, limit).map((item) => `  ${line(item)}`);
  const more = all.length > limit ? [`  … ${count(all.length - limit)} more (--limit, --json, --csv)`] : [];
  return [`${count(all.length)} ${title}${limit === 0 ? '' : ':'}`, ...shown, ...(limit === 0 ? [] : more)];
}

function count(n: number): string {
  return n.toLocaleString('en');
}

import type { CodeRecord } from '../../codes/record';
import { statesOf, statusOn } from '../../codes/states';
import { CODE_SYSTEMS } from '../../codes/systems';
import type { CodeType } from '../../names/code-types';
import { InvalidRequest } from '../../names/errors';
import type { Conversion } from '../import/conversion-table';
import type { Edition } from '../manifest';
import { foldByEdition, foldByRecords } from './edition-fold';

/** An edition that is to be read, once those before it are known. */
export interface PlannedEdition {
  /** First day; absent where nobody tells. */
  readonly from: string | undefined;
  /** Whether it says what changes against the edition before it, instead of everything. */
  readonly amends: boolean;
  read(before: ReadonlyMap<string, CodeRecord>): Promise<{
    readonly records: ReadonlyMap<string, CodeRecord>;
    readonly conversions?: readonly Conversion[];
  }>;
}

/**
 * Puts editions in order, of which each has a day of its own.
 * @throws InvalidRequest where one of several has none, or two have the same
 */
export function inOrderOfDays(type: CodeType, planned: readonly PlannedEdition[]): PlannedEdition[] {
  const { name } = CODE_SYSTEMS[type];
  const remedy = `Write --${type} DATE=FILE with the first day of each, such as 2025-10-01.`;
  if (planned.length > 1 && planned.some(({ from }) => from === undefined)) {
    throw new InvalidRequest(
      type,
      `${name} has several editions, and neither an option nor a file's name tells the first day of one. ${remedy} An edition of a base that has no day has to be built anew with one.`,
    );
  }
  const ordered = planned.toSorted((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  for (const [index, { from }] of ordered.entries()) {
    if (index > 0 && ordered[index - 1]?.from === from) {
      throw new InvalidRequest(type, `Two editions of ${name} begin on ${from ?? ''}. ${remedy}`);
    }
  }
  if (ordered[0]?.amends === true) {
    throw new InvalidRequest(
      'icd10-addenda',
      `Nothing of ${name} is known before ${ordered[0].from ?? ''}, so that there is nothing to amend. Give the order file before it, or --base.`,
    );
  }
  return ordered;
}

/** All codes of a system with their states, and what addenda say takes the place of which. */
export interface Folded {
  readonly records: Map<string, CodeRecord>;
  readonly conversions: Conversion[];
  readonly editions: Edition[];
}

/** Reads editions, oldest first, and merges them. */
export async function foldEditions(type: CodeType, planned: readonly PlannedEdition[]): Promise<Folded> {
  const fold = type === 'hcpcs' ? foldByRecords : foldByEdition;
  const conversions: Conversion[] = [];
  let merged = new Map<string, CodeRecord>();
  let before: ReadonlyMap<string, CodeRecord> = new Map();
  for (const each of planned) {
    const { from } = each;
    const edition = await each.read(before);
    merged = fold(merged, { from, records: edition.records });
    before = edition.records;
    conversions.push(...(edition.conversions ?? []));
  }
  return { records: merged, conversions, editions: planned.map(({ from }) => editionOf(merged, from)) };
}

/** How much of a release is in force on an edition's first day. */
export function editionOf(records: ReadonlyMap<string, CodeRecord>, from: string | undefined): Edition {
  let codes = 0;
  let billable = 0;
  for (const record of records.values()) {
    const states = statesOf(record);
    const state =
      from === undefined ? states.at(-1) : states.find((each) => statusOn(each, from) === 'active');
    if (state === undefined) continue;
    codes += 1;
    if (state.billable) billable += 1;
  }
  return { ...(from === undefined ? {} : { from }), codes, billable };
}

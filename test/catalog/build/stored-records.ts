import { BaseRelease } from '../../../lambda/catalog/build/base-release';
import type { CodeRecord } from '../../../lambda/codes/record';
import type { CodeType } from '../../../lambda/names/code-types';
import type { SmallCatalog } from '../../support/small-catalog';

/** A code's record as a release has it stored; the release need not be published. */
export async function storedRecord(
  { store }: SmallCatalog,
  release: string,
  code: string,
  type: CodeType = 'icd10',
): Promise<CodeRecord | undefined> {
  const records = await (await BaseRelease.open(store, release)).records(type);
  return records.get(code);
}

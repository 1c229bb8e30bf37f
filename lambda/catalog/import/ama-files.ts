import type { CodeRecord } from '../../codes/record';
import { CODE_SYSTEMS } from '../../codes/systems';
import { type BadLines, ImportError } from './import-error';
import type { ImportedRecord } from './imported-record';
import type { OnBytes, SourceFile } from './source-file';

/** Longest short descriptor of the AMA's files: `SHORTULT.TXT` has it in columns 7-34. */
const SHORT_LENGTH = 28;

/** `99213<TAB>descriptor`, or fixed width with the descriptor from column 7 on. */
const CODE_LINE = /^(\d{4}[0-9FTUM])(?:\t| )(\S.*)$/;

/** What stands before the first code is a copyright notice, unless it looks like a code's line gone wrong. */
const NEAR_CODE_LINE = /^(?:\S{1,8}\t|\d\S{3,4} )/;

/** Whether a file's first lines, after a copyright notice, are an AMA descriptor file. */
export function isAmaFile(head: readonly string[]): boolean {
  return head.some((line) => CODE_LINE.test(line));
}

interface DescriptorFile {
  source: SourceFile;
  entries: { line: number; code: string; text: string }[];
  longest: number;
}

/**
 * CPT records from the AMA's descriptor files, in the order of the long one. Which file is which shows in
 * their texts: the one with the longest descriptor is the long file, one within 28 characters the short
 * file, a third the medium one. The short description falls back to the medium and then the long one.
 * @throws ImportError when two files would be the same one
 */
export async function* readAmaFiles(
  sources: readonly SourceFile[],
  bad: BadLines,
  onBytes: OnBytes = () => undefined,
): AsyncGenerator<ImportedRecord> {
  const files: DescriptorFile[] = [];
  let before = 0;
  for (const source of sources) {
    files.push(await readDescriptors(source, bad, (bytes) => onBytes(before + bytes)));
    before += source.size;
  }
  const [long, ...others] = files.sort((a, b) => b.longest - a.longest);
  if (long === undefined) return;
  const texts = shorterTexts(long, others, bad);
  for (const { line, code, text } of long.entries) {
    const category = CODE_SYSTEMS.cpt.category(code);
    if (category === undefined) {
      bad.reject(long.source.name, line, `${code} lies in no section of CPT`);
      continue;
    }
    const shortDescription = texts.short?.get(code) ?? texts.medium?.get(code) ?? text;
    const record: CodeRecord = {
      type: 'cpt',
      code,
      description: text,
      shortDescription,
      category,
      billable: true,
    };
    yield { line, record };
  }
}

async function readDescriptors(source: SourceFile, bad: BadLines, onBytes: OnBytes): Promise<DescriptorFile> {
  const file: DescriptorFile = { source, entries: [], longest: 0 };
  for await (const { number, text } of source.lines(onBytes)) {
    if (text.trim() === '') continue;
    const [, code, descriptor] = CODE_LINE.exec(text) ?? [];
    if (code !== undefined && descriptor !== undefined) {
      const trimmed = descriptor.trim();
      file.entries.push({ line: number, code, text: trimmed });
      file.longest = Math.max(file.longest, trimmed.length);
    } else if (file.entries.length > 0 || NEAR_CODE_LINE.test(text)) {
      bad.reject(source.name, number, 'it is not a CPT code, a tab (or one blank), and a descriptor');
    }
  }
  return file;
}

/** Short and medium texts by code; each must belong to a code of the long file. */
function shorterTexts(
  long: DescriptorFile,
  others: readonly DescriptorFile[],
  bad: BadLines,
): { short?: Map<string, string>; medium?: Map<string, string> } {
  const known = new Set(long.entries.map(({ code }) => code));
  const texts: { short?: Map<string, string>; medium?: Map<string, string> } = {};
  for (const { source, entries, longest } of others) {
    const role = longest <= SHORT_LENGTH ? 'short' : 'medium';
    if (texts[role] !== undefined) {
      throw new ImportError(
        source.name,
        undefined,
        `it is a second file of ${role} descriptors`,
        'Name at most one long, one medium and one short file.',
      );
    }
    const byCode = new Map<string, string>();
    for (const { line, code, text } of entries) {
      if (!known.has(code)) bad.reject(source.name, line, `${code} is not in ${long.source.name}`);
      else if (byCode.has(code)) bad.reject(source.name, line, `code ${code} stands in the file twice`);
      else byCode.set(code, text);
    }
    texts[role] = byCode;
  }
  return texts;
}

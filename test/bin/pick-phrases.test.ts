import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { listSource } from '../../bin/pick-phrases/list-source';
import { pickPhrases } from '../../bin/pick-phrases/picking';
import { recordTexts } from '../../bin/pick-phrases/record-texts';
import { PhraseCode, RECORD_CODE_SIZE } from '../../lambda/cache/phrase-code';

const ROOT = join(__dirname, '../..');
const ORDER_FILE = join(ROOT, 'data/sample/icd10cm-order-sample.txt');
const TABULAR_LIST = join(ROOT, 'data/sample/icd10cm-tabular-sample.xml');
const SMALL = { oneByte: 20, twoBytes: 60 };

/** Bytes of all texts in the code of a list. */
function coded(texts: readonly string[], phrases: readonly string[]): number {
  const code = new PhraseCode(phrases);
  return texts.reduce((sum, text) => sum + (code.encode(text)?.length ?? Number.NaN), 0);
}

describe('picking phrases', () => {
  let texts: string[];
  beforeAll(async () => {
    texts = await recordTexts(ORDER_FILE, TABULAR_LIST);
  });

  it('gives the same list for the same texts', () => {
    expect(texts.length).toBeGreaterThan(200);
    const first = pickPhrases(texts, SMALL, 6);
    expect(pickPhrases(texts, SMALL, 6)).toEqual(first);
    expect(first.length).toBeGreaterThan(40);
  });

  it('keeps to the size of the list, and to phrases that the code and its source file can hold', () => {
    const phrases = pickPhrases(texts, SMALL, 6);
    expect(phrases.length).toBeLessThanOrEqual(SMALL.oneByte + SMALL.twoBytes);
    expect(new Set(phrases).size).toBe(phrases.length);
    for (const phrase of phrases) expect(phrase).toMatch(/^[\x20-\x7b\x7d\x7e\n]{2,}$/);
  });

  it('finds the words that the texts are made of', () => {
    const words = ['left knee', 'right knee', 'left hip', 'right hip'];
    const made = words.flatMap((word) =>
      ['pain', 'bruise', 'burn'].map((what) => `${what} of the ${word}, initial`),
    );
    const phrases = pickPhrases(made, { oneByte: 4, twoBytes: 4 }, 12);
    expect(phrases.some((phrase) => phrase.includes(' of the '))).toBe(true);
    expect(phrases.some((phrase) => phrase.includes(', initial'))).toBe(true);
  });

  it('makes a smaller code with every longer search', () => {
    const sizes = [1, 4, 16].map((rounds) => coded(texts, pickPhrases(texts, RECORD_CODE_SIZE, rounds)));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes[2]).toBeLessThan(texts.join('').length / 3);
  });

  it('counts the bytes that the code then takes', () => {
    const told: number[] = [];
    const phrases = pickPhrases(texts, RECORD_CODE_SIZE, 4, (_round, bytes) => told.push(bytes));
    expect(told.at(-1)).toBe(coded(texts, phrases));
  });
});

describe('bin/pick-phrases.ts', () => {
  const run = (...words: string[]): string =>
    execFileSync(process.execPath, ['--import', 'tsx', 'bin/pick-phrases.ts', ...words], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  it('prints a list that reads back as the phrases that were picked', async () => {
    const source = run('--icd10', ORDER_FILE, '--icd10-notes', TABULAR_LIST, '--rounds', '2');
    const lines = runInNewContext(source) as string[];
    const texts = await recordTexts(ORDER_FILE, TABULAR_LIST);
    expect(lines.join('').split('|').slice(0, -1)).toEqual(pickPhrases(texts, RECORD_CODE_SIZE, 2));
  });

  it('escapes what a line of source cannot hold as it is', () => {
    const phrases = ["Crohn's ", '\n\n0', '"\\"'];
    const lines = runInNewContext(listSource(phrases)) as string[];
    expect(lines.join('').split('|').slice(0, -1)).toEqual(phrases);
  });

  it('says how it is called when no file is named', () => {
    expect(() => run()).toThrow(/--icd10 <order file>/);
  });
});

import { parseArgs } from 'node:util';
import { listSource } from './pick-phrases/list-source';
import { pickPhrases } from './pick-phrases/picking';
import { recordTexts } from './pick-phrases/record-texts';
import { RECORD_CODE_SIZE } from '../lambda/cache/phrase-code';

const HELP = `node --import tsx bin/pick-phrases.ts --icd10 <order file> --icd10-notes <tabular list> [--rounds <n>]

Picks the phrases by which the records of these files take the fewest bytes in Redis, and prints them as source for
lambda/cache/phrases.ts. The same files and rounds give the same list. 30 rounds (the default) over the files of a
year take some minutes; progress goes to standard error.
`;

const ROUNDS = 30;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      icd10: { type: 'string' },
      'icd10-notes': { type: 'string' },
      rounds: { type: 'string', default: String(ROUNDS) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (values.help || values.icd10 === undefined || !Number.isInteger(rounds) || rounds < 1) {
    (values.help ? console.log : console.error)(HELP);
    return values.help ? 0 : 2;
  }
  const texts = await recordTexts(values.icd10, values['icd10-notes']);
  const phrases = pickPhrases(texts, RECORD_CODE_SIZE, rounds, (round, bytes) =>
    console.error(`round ${round} of ${rounds}: ${(bytes / texts.length).toFixed(2)} bytes a record`),
  );
  console.log(listSource(phrases));
  return 0;
}

void main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);

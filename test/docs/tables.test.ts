import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODE_TYPES } from '../../lambda/names/code-types';
import { keys } from '../../lambda/names/keys';
import { TTL } from '../../lambda/names/ttl';
import { claimedKey } from '../../lambda/hot-codes/claim';
import { documentAt, ROOT, tableBelow } from './documents';

/** What stands between backticks in a cell of a table. */
function codeIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function foldersIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((each) => each.isDirectory() && !['node_modules', 'dist', 'cdk.out'].includes(each.name))
    .filter((each) => !each.name.startsWith('.') || ['.ci', '.github'].includes(each.name))
    .map((each) => join(folder, each.name));
}

describe('the table of folders in docs/architecture.md', () => {
  const told = tableBelow(documentAt('docs/architecture.md'), 'What is where')
    .flatMap(([cell]) => codeIn(cell))
    .map((path) => path.replace(/\/$/, ''));

  it('has every folder of the repository, and every room of lambda/, lib/ and cli/', () => {
    const there = ['', 'lambda', 'lib', 'cli'].flatMap(foldersIn);
    expect(there).toContain('lambda/cache');
    expect(there.filter((folder) => !told.includes(folder))).toEqual([]);
  });

  it('has no folder that is gone', () => {
    expect(told.filter((folder) => !existsSync(join(ROOT, folder.replace('/<name>', ''))))).toEqual([]);
  });
});

describe('the picture of lambda/’s floors in docs/architecture.md', () => {
  it('shows every room on the floor that the check holds it to', () => {
    const [, floors = ''] =
      /const FLOORS = \[([^]*?)\n\];/.exec(readFileSync(join(ROOT, '.dependency-cruiser.cjs'), 'utf8')) ?? [];
    const held = [...floors.matchAll(/\[(.+)\]/g)].map(([, rooms = '']) =>
      // A room in a room (`catalog/(?!publish/)`) is the room less what has a floor of its own.
      [...rooms.matchAll(/'([^']+)'/g)].map(([, room = '']) => room.replace(/\/\(.*$/, '')),
    );
    const { text } = documentAt('docs/architecture.md');
    const [, picture = ''] = /```mermaid\nflowchart TB\n([^]*?)```/.exec(text) ?? [];
    const shown = [...picture.matchAll(/^ +floor\d+\["(.+)"\]$/gm)].map(([, rooms = '']) =>
      rooms.split(' · '),
    );
    expect(held.length).toBeGreaterThan(5);
    expect(shown.reverse()).toEqual(held);
  });
});

describe('the table of keys in docs/cache.md', () => {
  const rows = tableBelow(documentAt('docs/cache.md'), 'Keys');

  /** How the table writes each key, and how long it lives. A key that is new to the app is missing here, and tsc says so. */
  const expected: Record<keyof typeof keys | 'claimed', readonly [readonly string[], number | undefined]> = {
    code: [CODE_TYPES.map((type) => keys.code(type, '{code}')), TTL.code],
    category: [['{type}:category:{category}'], TTL.category],
    hotCodes: [[keys.hotCodes('{teamId}')], TTL.hotCodes],
    crosswalk: [[keys.crosswalk('{icd10}')], TTL.crosswalk],
    crosswalkPair: [[keys.crosswalkPair('{icd10}', '{cpt}')], TTL.crosswalk],
    lease: [[keys.lease('<key>')], TTL.lease],
    usage: [[keys.usage('{teamId}')], undefined],
    claimed: [[claimedKey('{teamId}')], undefined],
    beat: [[keys.beat], TTL.beat],
    release: [[keys.release], TTL.release],
    told: [[keys.told], TTL.told],
  };

  it.each(Object.entries(expected))('names %s with its lifetime', (_name, [spellings, seconds]) => {
    for (const spelling of spellings) {
      const row = rows.find(([cell]) => codeIn(cell).includes(spelling));
      expect([spelling, row?.at(-1)]).toEqual([
        spelling,
        seconds === undefined ? 'no expiry' : `${seconds} s`,
      ]);
    }
  });

  it('names no key that nobody writes', () => {
    const known = Object.values(expected).flatMap(([spellings]) => spellings);
    expect(rows.flatMap(([cell]) => codeIn(cell)).filter((key) => !known.includes(key))).toEqual([]);
  });

  it('tells how long an unknown code is remembered', () => {
    expect(rows.map((row) => row.at(-1))).toContain(`${TTL.unknown} s`);
  });
});

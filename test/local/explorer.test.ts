import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { TextElement, textDocument } from './text-document';

const FOLDER = join(__dirname, '../../local/explorer');

interface Asked {
  path: string;
  on?: string | undefined;
  open(path: string): void;
  next(cursor: string): void;
}

/** The page's own modules, as a browser would run them. */
interface Page {
  view(answer: { status: number; body: unknown }, asked: Asked): (TextElement | false | undefined | null)[];
  kindOf(path: string): { kind: { name: string }; values: Record<string, string> } | undefined;
  dayOf(path: string, body?: string): string | undefined;
}

let page: Page;

beforeAll(async () => {
  const contents = ['views', 'kinds', 'paths'].map((name) => `export * from './${name}.js';`).join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: FOLDER },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'page',
  });
  const location = { origin: 'http://127.0.0.1' };
  const globals = { document: textDocument, location, URL, URLSearchParams };
  page = runInNewContext(`${outputFiles[0]!.text}; page`, globals) as Page;
});

/** The card of an answer, and the paths that its buttons look up. */
function card(path: string, body: unknown, status = 200): { element: TextElement; opened: string[] } {
  const opened: string[] = [];
  const element = new TextElement('div');
  const asked = {
    path,
    on: page.dayOf(path),
    open: (next: string) => opened.push(next),
    next: () => undefined,
  };
  for (const node of page.view({ status, body }, asked)) if (node) element.append(node);
  return { element, opened };
}

const M545 = {
  type: 'icd10',
  code: 'M54.5',
  description: 'Sample low back pain',
  shortDescription: 'Sample low back pain',
  category: 'M54',
  billable: true,
  status: 'active',
  validFrom: null as string | null,
  validTo: null as string | null,
};

describe('the card of a code', () => {
  test.each([
    [{}, 'Billable'],
    [{ billable: false }, 'Header'],
    [{ billable: false, status: 'ended', validTo: '2014-12-31' }, 'Ended 31 Dec 2014'],
    [{ billable: false, status: 'future', validFrom: '2026-10-01' }, 'From 1 Oct 2026'],
  ])('of %j says %s', (members, words) => {
    const { element } = card('/v1/icd10/M54.5', { ...M545, ...members });
    expect(element.all('pill').map(({ text }) => text)).toEqual(['ICD-10-CM', words]);
  });

  test('says of which date it is, and of which days what it says holds', () => {
    const dated = { ...M545, validFrom: '2020-10-01', validTo: '2021-09-30' };
    expect(card('/v1/icd10/M54.5?on=2021-09-30', dated).element.text).toMatch(
      /on 30 Sep 2021.*In force 1 Oct 2020 to 30 Sep 2021\./,
    );
    expect(card('/v1/icd10/M54.5', M545).element.text).toMatch(/today/);
    expect(card('/v1/icd10/M54.5', M545).element.text).not.toMatch(/In force/);
  });

  test('leads to what to use instead, and to its category, on the same date', () => {
    const replaced = { ...M545, billable: false, replacedBy: ['M54.50'] };
    const { element, opened } = card('/v1/icd10/M54.5?on=2022-01-01', replaced);
    expect(element.press('M54.50') && element.press('Category M54')).toBe(true);
    expect(opened).toEqual([
      '/v1/icd10/M54.50?on=2022-01-01&history=true',
      '/v1/icd10/categories/M54?on=2022-01-01&limit=100',
    ]);
  });

  test('lists its states with the gaps between them, each with a day to ask for', () => {
    const { billable, description, shortDescription } = M545;
    const state = (validFrom: string | null, validTo: string | null) => ({
      validFrom,
      validTo,
      billable,
      description,
      shortDescription,
    });
    const states = [state(null, '2021-09-30'), state('2021-10-01', '2022-09-30'), state('2023-10-01', null)];
    const { element, opened } = card('/v1/icd10/M54.5?history=true', { ...M545, states });
    const [list] = element.all('history');
    expect(list!.text).toBe(
      'until 30 Sep 2021 Billable 1 Oct 2021 to 30 Sep 2022 Billable ' +
        '1 Oct 2022 to 30 Sep 2023 No such code from 1 Oct 2023 Billable',
    );
    expect(element.press('until 30 Sep 2021') && element.press('from 1 Oct 2023')).toBe(true);
    expect(opened).toEqual([
      '/v1/icd10/M54.5?history=true&on=2021-09-30',
      '/v1/icd10/M54.5?history=true&on=2023-10-01',
    ]);
  });
});

test('a list says what each of its codes is on the date', () => {
  const listed = [
    { code: 'M54.9', status: 'ended', billable: false, validTo: '2021-09-30' },
    { code: 'M54.A', status: 'future', billable: false, validTo: null },
    { code: 'M54.50', status: 'active', billable: true, validTo: null },
  ].map((each) => ({ ...each, shortDescription: 'Sample' }));
  const body = { type: 'icd10', category: 'M54', total: 3, codes: listed, nextCursor: null };
  const { element, opened } = card('/v1/icd10/categories/M54?on=2022-01-01&status=all', body);
  expect(element.all('standing').map(({ text }) => text)).toEqual([
    'Ended 30 Sep 2021',
    'Not yet in force',
    'Billable',
  ]);
  element.press('M54.9');
  expect(opened).toEqual(['/v1/icd10/M54.9?on=2022-01-01&history=true']);
});

test('a batch shows the error of an item beside what was found', () => {
  const error = { code: 'INVALID_CODE', detail: 'That is no code.', suggestion: 'Z00.00' };
  const results = [
    { type: 'icd10', code: 'M54.5', found: true, record: M545 },
    { type: 'icd10', code: 'Z.0000', found: false, error },
    { type: 'icd10', code: 'X99', found: false },
  ];
  const { element, opened } = card('/v1/codes/batch', { results });
  expect(element.text).toMatch(/1 of 3 found.*Sample low back pain Billable.*That is no code\..*X99 unknown/);
  element.press('Try Z00.00');
  expect(opened).toEqual(['/v1/icd10/Z00.00?history=true']);
});

describe('a problem', () => {
  test('of a date before the first edition offers the first day', () => {
    const problem = {
      title: 'No edition of that date',
      code: 'NO_EDITION',
      firstDay: '2020-10-01',
      detail: 'x',
    };
    const { element, opened } = card('/v1/icd10/M54.5?on=2019-01-01&history=true', problem, 404);
    expect(element.press('Ask for 1 Oct 2020')).toBe(true);
    expect(opened).toEqual(['/v1/icd10/M54.5?on=2020-10-01&history=true']);
  });

  test('of a code offers the suggestion in its place, on the same date', () => {
    const problem = { code: 'INVALID_CODE', field: 'icd10', suggestion: 'Z00.00', detail: 'x' };
    const { element, opened } = card('/v1/crosswalk/Z.0000/99213?on=2026-02-01', problem, 400);
    element.press('Try Z00.00');
    expect(opened).toEqual(['/v1/crosswalk/Z00.00/99213?on=2026-02-01']);
  });
});

test('an address brings the date and the toggle back into the form', () => {
  expect(page.kindOf('/v1/icd10/categories/M54?on=2021-10-01&status=all')).toMatchObject({
    kind: { name: 'Category' },
    values: { type: 'icd10', category: 'M54', on: '2021-10-01', status: 'all' },
  });
  expect(page.dayOf('/v1/codes/batch', '{"on":"2021-10-01","codes":[]}')).toBe('2021-10-01');
});

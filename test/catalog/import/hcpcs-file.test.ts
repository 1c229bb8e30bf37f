import { SmallCatalog } from '../../support/small-catalog';
import { hcpcsLine } from '../../support/source-lines';
import { recordsOf } from './reading';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const read = (content: string): ReturnType<typeof recordsOf> =>
  recordsOf('hcpcs', [space.file('hcpcs.txt', content)]);
const continued = (code: string, text: string): string => `${code}002004${text.padEnd(80)}\r\n`;

test('a description goes on over its continuation records, and modifiers are passed over', async () => {
  const records = await read(
    `   A1001007${'Dressing for one wound'.padEnd(309)}\r\n` +
      hcpcsLine('A0080', 'Non-emergency transportation, per mile - vehicle provided by volunteer') +
      continued('A0080', '(individual or organization), with no') +
      continued('A0080', 'vested interest') +
      `   LT001007${'Left side'.padEnd(309)}\r\n   LT002008${'more'.padEnd(80)}\r\n`,
  );
  expect(records).toEqual([
    {
      type: 'hcpcs',
      code: 'A0080',
      description:
        'Non-emergency transportation, per mile - vehicle provided by volunteer (individual or organization), with no vested interest',
      shortDescription: 'short A0080',
      category: 'A',
      billable: true,
      validFrom: '2001-01-01',
    },
  ]);
});

test('valid from is the date added, not that of the latest change; valid to is the termination date', async () => {
  const [record] = await read(hcpcsLine('A7011', 'Corrugated tubing', '200001012016010120151231D'));
  expect(record).toMatchObject({ validFrom: '2000-01-01', validTo: '2015-12-31' });
});

test.each([
  ['a code that is none', hcpcsLine('W1234', 'x'), 'line 1: "W1234" in columns 1-5'],
  [
    'a continuation of another code',
    hcpcsLine('A0080', 'x') + continued('A0090', 'y'),
    'line 2: it continues A0090',
  ],
  [
    'a line that lost its dates',
    `${hcpcsLine('A0080', 'x').slice(0, 250)}\r\n`,
    'line 1: A0080 is cut off after 250',
  ],
  ['a date that is none', hcpcsLine('A0080', 'x', '200113012001010120011231N'), 'line 1: A0080 has a date'],
  [
    'a day that does not exist',
    hcpcsLine('A0080', 'x', '200102302001010120011231N'),
    'line 1: A0080 has a date',
  ],
  [
    'another kind of record',
    hcpcsLine('A0080', 'x') + hcpcsLine('A0090', 'y').replace('001003', '001005'),
    'line 2: record id "5"',
  ],
])('%s stops the import, naming file, line and reason', async (_what, content, reason) => {
  await expect(read(content)).rejects.toThrow(`hcpcs.txt, ${reason}`);
});

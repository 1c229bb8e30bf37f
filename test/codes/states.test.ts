import { recordOn } from '../../lambda/codes/dated-record';
import type { CodeRecord } from '../../lambda/codes/record';

const OLD = { billable: true, description: 'SAMPLE old words', shortDescription: 'SAMPLE old' };
const NEW = { billable: true, description: 'SAMPLE new words', shortDescription: 'SAMPLE new' };
const code = (members: Partial<CodeRecord>): CodeRecord => ({
  type: 'icd10',
  code: 'Z00.00',
  category: 'Z00',
  ...NEW,
  ...members,
});

/** Reworded on 1 October 2021. */
const reworded = code({ validFrom: '2021-10-01', earlier: [{ ...OLD, validTo: '2021-09-30' }] });
/** Of 2015 to 2017, then again from 2020 on until 2022. */
const returned = code({
  validFrom: '2020-10-01',
  validTo: '2022-09-30',
  earlier: [{ ...OLD, validFrom: '2015-10-01', validTo: '2017-09-30' }],
});

describe('a code on a date', () => {
  it.each([
    ['2021-09-30', 'SAMPLE old words', null, '2021-09-30'],
    ['2021-10-01', 'SAMPLE new words', '2021-10-01', null],
    ['1990-01-01', 'SAMPLE old words', null, '2021-09-30'],
    ['2090-01-01', 'SAMPLE new words', '2021-10-01', null],
  ])('on %s says %s', (on, description, validFrom, validTo) => {
    expect(recordOn(reworded, on)).toMatchObject({
      description,
      validFrom,
      validTo,
      status: 'active',
      billable: true,
    });
  });

  it.each([
    ['2015-09-30', 'future', '2015-10-01', 'SAMPLE old'],
    ['2015-10-01', 'active', '2015-10-01', 'SAMPLE old'],
    ['2017-09-30', 'active', '2015-10-01', 'SAMPLE old'],
    ['2017-10-01', 'future', '2020-10-01', 'SAMPLE new'],
    ['2022-09-30', 'active', '2020-10-01', 'SAMPLE new'],
    ['2022-10-01', 'ended', '2020-10-01', 'SAMPLE new'],
  ])('with a gap is on %s %s', (on, status, validFrom, shortDescription) => {
    const billable = status === 'active';
    expect(recordOn(returned, on)).toMatchObject({ status, validFrom, shortDescription, billable });
  });

  it('has all its states with its history, oldest first', () => {
    expect(recordOn(reworded, '2022-01-01', true).states).toEqual([
      { validFrom: null, validTo: '2021-09-30', ...OLD },
      { validFrom: '2021-10-01', validTo: null, ...NEW },
    ]);
    expect(recordOn(reworded, '2022-01-01')).not.toHaveProperty('states');
  });

  it('has the notes of that date, of an ended code those of its last day', () => {
    const noted = code({
      validTo: '2023-09-30',
      notes: { includes: ['SAMPLE new'] },
      earlierNotes: [
        { until: '2020-09-30' },
        { until: '2021-09-30', notes: { includes: ['SAMPLE old'] } },
        { until: '2023-09-30', notes: { includes: ['SAMPLE last'] } },
      ],
    });
    const notes = (on: string): unknown => recordOn(noted, on).notes?.includes?.[0];
    expect([notes('2020-09-30'), notes('2021-09-30'), notes('2021-10-01'), notes('2024-01-01')]).toEqual([
      undefined,
      'SAMPLE old',
      'SAMPLE last',
      'SAMPLE last',
    ]);
  });

  it('names what takes its place once it is not billable any more, and not before', () => {
    const turned = code({
      billable: false,
      validFrom: '2021-10-01',
      earlier: [{ ...OLD, validTo: '2021-09-30' }],
      replacedBy: [
        { from: '2021-10-01', codes: ['Z00.01', 'Z00.02'] },
        { from: '2023-10-01', codes: ['Z00.02', 'Z00.03'] },
      ],
    });
    expect(recordOn(turned, '2021-09-30')).not.toHaveProperty('replacedBy');
    expect(recordOn(turned, '2021-10-01')).toMatchObject({
      status: 'active',
      billable: false,
      validFrom: '2021-10-01',
      replacedBy: ['Z00.01', 'Z00.02'],
    });
    expect(recordOn(turned, '2024-01-01').replacedBy).toEqual(['Z00.01', 'Z00.02', 'Z00.03']);
  });
});

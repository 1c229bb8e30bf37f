import { decayed, HALF_LIFE_MS } from '../../lambda/hot-codes/decay';

const of = (entries: Record<string, number>): Map<string, number> => new Map(Object.entries(entries));

test('a use counts half after one half-life and a quarter after two', () => {
  expect(decayed(of({ a: 8 }), of({}), HALF_LIFE_MS, 10).get('a')).toBeCloseTo(4);
  expect(decayed(of({ a: 8 }), of({}), 2 * HALF_LIFE_MS, 10).get('a')).toBeCloseTo(2);
});

test('new uses count whole, on top of what has aged', () => {
  expect(decayed(of({ a: 8 }), of({ a: 3, b: 1 }), HALF_LIFE_MS, 10)).toEqual(of({ a: 7, b: 1 }));
});

test('ageing in two steps comes to the same as in one', () => {
  const once = decayed(of({ a: 100 }), of({}), HALF_LIFE_MS, 10).get('a');
  const twice = decayed(
    decayed(of({ a: 100 }), of({}), HALF_LIFE_MS / 4, 10),
    of({}),
    (HALF_LIFE_MS * 3) / 4,
    10,
  );
  expect(twice.get('a')).toBeCloseTo(once ?? Number.NaN);
});

test('the best stay, ties in the same order every time, and the rest goes', () => {
  expect([...decayed(of({ c: 1, b: 2, a: 1, d: 0.5 }), of({}), 0, 3).keys()]).toEqual(['b', 'a', 'c']);
});

test('a code nobody has used for months is forgotten', () => {
  expect(decayed(of({ a: 1 }), of({}), 9 * HALF_LIFE_MS, 10).size).toBe(0);
});

test('a clock that went backwards ages nothing', () => {
  expect(decayed(of({ a: 4 }), of({}), -HALF_LIFE_MS, 10).get('a')).toBe(4);
});

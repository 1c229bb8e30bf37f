import { type Kept, Memory } from '../../lambda/cache/memory';

const kept = (value: unknown, bytes = 10, expiresAt = 1_000): Kept => ({
  value,
  release: 'r1',
  tag: 't1',
  expiresAt,
  bytes,
});

describe('process memory', () => {
  it('answers while a value is young and its generation lives', () => {
    const memory = new Memory();
    memory.put('k', kept('v', 10), 0);
    expect(memory.fresh('k', 't1', 999)?.value).toBe('v');
    expect(memory.fresh('k', 't1', 1_000)).toBeUndefined();
    expect(memory.fresh('k', 't2', 0)).toBeUndefined();
  });

  it('answers for a minute at most, and with nothing that a clock set back makes look young', () => {
    const memory = new Memory();
    memory.put('k', kept('v', 10, 10_000_000), 500_000);
    expect(memory.fresh('k', 't1', 559_999)?.value).toBe('v');
    expect(memory.fresh('k', 't1', 560_000)).toBeUndefined();
    expect(memory.fresh('k', 't1', 380_000)).toBeUndefined();
    expect(memory.alive('k', 380_000)).toBe(false);
  });

  it('keeps what has expired, for the day when nothing else answers', () => {
    const memory = new Memory();
    memory.put('k', kept('v', 10), 0);
    expect(memory.any('k')?.value).toBe('v');
  });

  it('holds no more values than it may, and drops the least used', () => {
    const memory = new Memory({ entries: 3, bytes: 1_000_000 });
    for (const key of ['a', 'b', 'c']) memory.put(key, kept(key, 10), 0);
    memory.any('a');
    memory.put('d', kept('d', 10), 0);
    expect(memory.size).toBe(3);
    expect(memory.any('a')?.value).toBe('a');
    expect(memory.any('b')).toBeUndefined();
  });

  it('holds no more bytes than it may, and nothing that is too big for it alone', () => {
    const memory = new Memory({ entries: 1_000, bytes: 10_000 });
    for (let index = 0; index < 20; index += 1) memory.put(`k${index}`, kept(index, 1_000), 0);
    expect(memory.size).toBeLessThan(10);
    expect(memory.any('k19')?.value).toBe(19);
    memory.put('huge', kept('huge', 20_000), 0);
    expect(memory.any('huge')).toBeUndefined();
    expect(memory.any('k19')?.value).toBe(19);
  });
});

import { Memory } from '../../lambda/cache/memory';

const held = (value: unknown, expiresAt = 1_000): Parameters<Memory['put']>[1] => ({
  value,
  release: 'r1',
  tag: 't1',
  expiresAt,
});

describe('process memory', () => {
  it('answers while a value is young and its generation lives', () => {
    const memory = new Memory();
    memory.put('k', held('v'), 10);
    expect(memory.fresh('k', 't1', 999)?.value).toBe('v');
    expect(memory.fresh('k', 't1', 1_000)).toBeUndefined();
    expect(memory.fresh('k', 't2', 0)).toBeUndefined();
  });

  it('keeps what has expired, for the day when nothing else answers', () => {
    const memory = new Memory();
    memory.put('k', held('v'), 10);
    expect(memory.any('k')?.value).toBe('v');
  });

  it('holds no more values than it may, and drops the least used', () => {
    const memory = new Memory({ entries: 3, bytes: 1_000_000 });
    for (const key of ['a', 'b', 'c']) memory.put(key, held(key), 10);
    memory.any('a');
    memory.put('d', held('d'), 10);
    expect(memory.size).toBe(3);
    expect(memory.any('a')?.value).toBe('a');
    expect(memory.any('b')).toBeUndefined();
  });

  it('holds no more bytes than it may, and nothing that is too big for it alone', () => {
    const memory = new Memory({ entries: 1_000, bytes: 10_000 });
    for (let index = 0; index < 20; index += 1) memory.put(`k${index}`, held(index), 1_000);
    expect(memory.size).toBeLessThan(10);
    expect(memory.any('k19')?.value).toBe(19);
    memory.put('huge', held('huge'), 20_000);
    expect(memory.any('huge')).toBeUndefined();
    expect(memory.any('k19')?.value).toBe(19);
  });
});

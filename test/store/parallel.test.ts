import { setTimeout as sleep } from 'node:timers/promises';
import { eachInParallel } from '../../lambda/store/parallel';

test('every item is worked on, never more than the limit at a time, and none read ahead', async () => {
  let taken = 0;
  let done = 0;
  let most = 0;
  function* items(): Generator<number> {
    for (let item = 0; item < 40; item += 1) {
      taken += 1;
      most = Math.max(most, taken - done);
      yield item;
    }
  }
  await eachInParallel(items(), 4, async (item) => {
    await sleep(item % 3);
    done += 1;
  });
  expect(done).toBe(40);
  expect(most).toBeLessThanOrEqual(5);
});

test('a failing source is thrown when what was begun has ended', async () => {
  let ended = 0;
  function* items(): Generator<number> {
    yield 1;
    yield 2;
    throw new Error('the source broke');
  }
  const work = eachInParallel(items(), 5, async () => {
    await sleep(20);
    ended += 1;
  });
  await expect(work).rejects.toThrow('the source broke');
  expect(ended).toBe(2);
});

test('the first failure is thrown when what was begun has ended, and nothing new is begun', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = eachInParallel([1, 2, 3, 4, 5, 6], 2, async (item) => {
    begun.push(item);
    await sleep(item === 1 ? 30 : 1);
    ended.push(item);
    if (item === 2) throw new Error('second failed');
  });
  await expect(work).rejects.toThrow('second failed');
  expect(ended.sort()).toEqual(begun.sort());
  expect(begun).not.toContain(5);
});

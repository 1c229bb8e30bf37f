import { runSequence } from './sequence';

const LONG = 60_000;

test('whatever happens in whatever order, no answer is wrong, and none is late once a publish has ended', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.log(`npm run test:sequences -- --seed ${seed}`);
  const { fault, events, answers } = await runSequence(seed, LONG);
  if (fault !== undefined) throw new Error([`seed ${seed}`, ...events].join('\n'));
  expect(answers).toMatchObject({ memory: expect.any(Number), redis: expect.any(Number) });
}, 300_000);

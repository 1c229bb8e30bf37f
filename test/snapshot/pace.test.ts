import { createPace } from '../../lambda/snapshot/pace';

function fakeClock(): { now(): number; sleep(ms: number): Promise<void>; time: number } {
  return {
    time: 1_000_000,
    now() {
      return this.time;
    },
    sleep(ms) {
      this.time += ms;
      return Promise.resolve();
    },
  };
}

describe('pace', () => {
  it('spreads operations so that no second holds more than the rate', async () => {
    const clock = fakeClock();
    const started = clock.time;
    const pace = createPace(25, clock);
    const sent: { at: number; operations: number }[] = [];
    for (let turn = 0; turn < 60; turn += 1) {
      await pace.take(11);
      sent.push({ at: clock.time - started, operations: 11 });
    }
    expect(clock.time - started).toBeCloseTo((59 * 11 * 1_000) / 25, -1);
    for (const { at } of sent) {
      const window = sent.filter((each) => each.at >= at && each.at < at + 1_000);
      // One exchange more than the rate may start just before the window ends.
      expect(window.reduce((sum, each) => sum + each.operations, 0)).toBeLessThanOrEqual(25 + 11);
    }
  });

  it('does not make up for time when nothing was sent', async () => {
    const clock = fakeClock();
    const pace = createPace(10, clock);
    await pace.take(10);
    clock.time += 60_000;
    await pace.take(10);
    const before = clock.time;
    await pace.take(10);
    expect(clock.time - before).toBeGreaterThanOrEqual(1_000);
  });

  it('never waits without a limit', async () => {
    const clock = fakeClock();
    const before = clock.time;
    for (let turn = 0; turn < 1_000; turn += 1) await createPace(0, clock).take(1_000);
    expect(clock.time).toBe(before);
  });
});

import { Breaker, BREAKER } from '../../lambda/cache/breaker';
import { HandClock } from './support';

describe('the breaker before Redis', () => {
  let clock: HandClock;
  let breaker: Breaker;
  beforeEach(() => {
    clock = new HandClock();
    breaker = new Breaker(clock.now);
  });

  /** One call that starts now and fails 200 ms later. */
  const fail = (): void => {
    const startedAt = clock.time;
    clock.time += 200;
    breaker.failed(startedAt);
    clock.time += 1;
  };
  const open = (): void => {
    for (let call = 0; call < BREAKER.failures; call += 1) fail();
    expect(breaker.state).toBe('open');
  };

  it('stays closed over a single failure, such as one half-open socket', () => {
    fail();
    expect(breaker.state).toBe('closed');
    expect(breaker.allows()).toBe(true);
  });

  it('takes sixty-four calls that fail on one dead socket for one failure', () => {
    const startedAt = clock.time;
    clock.time += 200;
    for (let call = 0; call < 64; call += 1) breaker.failed(startedAt + (call % 50));
    expect(breaker.state).toBe('closed');
  });

  it('opens after three failures in a row, and lets nothing pass for half a second', () => {
    open();
    expect(breaker.allows()).toBe(false);
    clock.time += BREAKER.firstPause - 2;
    expect(breaker.allows()).toBe(false);
    clock.time += 2;
    expect(breaker.allows()).toBe(true);
  });

  it('starts counting anew after a success', () => {
    fail();
    fail();
    breaker.succeeded(clock.time);
    fail();
    fail();
    expect(breaker.state).toBe('closed');
  });

  it('is not talked out of it by a success that began before the failure', () => {
    const before = clock.time;
    fail();
    fail();
    breaker.succeeded(before);
    fail();
    expect(breaker.state).toBe('open');
  });

  it('lets one single call try, whoever else asks meanwhile', () => {
    open();
    clock.time += BREAKER.firstPause;
    expect([breaker.allows(), breaker.allows(), breaker.allows()]).toEqual([true, false, false]);
    breaker.succeeded(clock.time);
    expect(breaker.state).toBe('closed');
    expect([breaker.allows(), breaker.allows()]).toEqual([true, true]);
  });

  it('doubles its pause after each failed try, up to ten seconds', () => {
    open();
    const pauses: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      const since = clock.time;
      while (!breaker.allows()) clock.time += 10;
      pauses.push(Math.round((clock.time - since) / 100) * 100);
      breaker.failed(clock.time);
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  });

  it('gives the try to another when the first never reports back', () => {
    open();
    clock.time += BREAKER.firstPause;
    expect(breaker.allows()).toBe(true);
    clock.time += BREAKER.probeLife - 1;
    expect(breaker.allows()).toBe(false);
    clock.time += 1;
    expect(breaker.allows()).toBe(true);
  });

  it('does not let a call from before the try decide it', () => {
    open();
    const before = clock.time - 100;
    clock.time += BREAKER.firstPause;
    breaker.allows();
    breaker.failed(before);
    expect(breaker.state).toBe('probing');
  });

  it('closes when a call that was under way all along succeeds after all', () => {
    const before = clock.time;
    open();
    breaker.succeeded(before);
    expect(breaker.state).toBe('closed');
  });
});

import { within } from '../../lambda/names/time-limit';

const never = new Promise<string>(() => undefined);

describe('a time limit', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('leaves what comes in time as it is, and no timer behind', async () => {
    await expect(within(Promise.resolve('done'), 50, () => 'late')).resolves.toBe('done');
    await expect(within(Promise.reject(new Error('own')), 50, () => 'late')).rejects.toThrow('own');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('speaks for work that does not end, not a moment earlier', async () => {
    const late = jest.fn(() => 'late');
    const outcome = within(never, 50, late);
    await jest.advanceTimersByTimeAsync(49);
    expect(late).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    await expect(outcome).resolves.toBe('late');
  });

  it('may answer with an error', async () => {
    const outcome = within(never, 50, () => {
      throw new Error('too late');
    });
    const refused = expect(outcome).rejects.toThrow('too late');
    await jest.advanceTimersByTimeAsync(50);
    await refused;
  });
});

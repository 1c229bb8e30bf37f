import { decideSecret } from '../../bin/deploy/secret-sync';

const stored = (value: string, rotated = false) => ({ value, rotated }) as Parameters<typeof decideSecret>[1];

describe('what a deployment does with the secret', () => {
  it.each([
    ['nothing was given', undefined, stored('rediss://u:p@h:1'), false],
    ['the same string is there', 'rediss://u:p@h:1', stored('rediss://u:p@h:1'), false],
    ['rotation changed the password', 'rediss://u:old@h:1', stored('rediss://u:new@h:1', true), false],
    [
      'the given string has no password and the stored one has',
      'rediss://h:1',
      stored('rediss://u:p@h:1'),
      false,
    ],
    ['nothing usable is there', 'rediss://u:p@h:1', stored('placeholder'), true],
    ['the password was changed by hand', 'rediss://u:new@h:1', stored('rediss://u:old@h:1'), true],
    ['it leads to another database', 'rediss://u:p@other:1', stored('rediss://u:new@h:1', true), true],
  ])('%s', (_case, given, current, put) => {
    expect(decideSecret(given, current, false).put).toBe(put);
  });

  it('--replace-rotated puts the given string in all the same, but never one without a password', () => {
    expect(decideSecret('rediss://u:old@h:1', stored('rediss://u:new@h:1', true), true).put).toBe(true);
    expect(decideSecret('rediss://h:1', stored('rediss://u:new@h:1', true), true).put).toBe(false);
  });
});

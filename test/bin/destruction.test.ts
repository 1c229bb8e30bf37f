import { destroy, type DestructionHost } from '../../bin/deploy/destruction';
import { Refused } from '../../cli/terminal/failure';
import type { EnvironmentName } from '../../lambda/names/environments';
import { environmentConfig } from '../../lib/config/environments';

/** Destroys an environment of three stacks; returns what was done, in order. */
async function destroyed(environment: EnvironmentName, confirmed = true): Promise<string[]> {
  const calls: string[] = [];
  const stacks = ['Storage', 'Lookup', 'Operations'].map((part) => `MedicalCodes-${environment}-${part}`);
  const does =
    (word: string) =>
    (names: readonly string[] = []) => {
      calls.push([word, ...names].join(' '));
      return Promise.resolve();
    };
  const host: DestructionHost = {
    output: { note: () => undefined },
    account: () => Promise.resolve({ account: '123456789012', region: 'us-east-1' }),
    cdk: () => ({
      synth: does('synth'),
      deploy: does('deploy'),
      diff: does('diff'),
      destroy: does('destroy'),
    }),
    stacks: () => stacks,
    emptier: () => ({
      bucketsOf: (stack) => Promise.resolve([`${stack}-bucket`]),
      empty: (bucket) => {
        calls.push(`empty ${bucket}`);
        return Promise.resolve(3);
      },
    }),
    confirm: (consequence) => {
      calls.push(consequence);
      return confirmed ? Promise.resolve() : Promise.reject(new Refused('Not confirmed.'));
    },
  };
  await destroy(environmentConfig(environment, {}), host).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    calls.push(`refused: ${error.message}`);
  });
  return calls;
}

describe('destroying an environment', () => {
  it('empties dev between what runs and what holds, and deletes both', async () => {
    expect(await destroyed('dev')).toEqual([
      expect.stringMatching(/deletes everything of dev in account 123456789012/),
      'synth',
      'destroy MedicalCodes-dev-Lookup MedicalCodes-dev-Operations',
      'empty MedicalCodes-dev-Storage-bucket',
      'destroy MedicalCodes-dev-Storage',
    ]);
  });

  it('empties nothing of staging, and says that its data stays', async () => {
    const calls = await destroyed('staging');
    expect(calls[0]).toMatch(/Bucket, keys and secret stay/);
    expect(calls.join()).not.toMatch(/empty/);
  });

  it('does not touch prod', async () => {
    expect(await destroyed('prod')).toEqual([expect.stringMatching(/^refused: .*protected from deletion/)]);
  });

  it('does nothing without confirmation', async () => {
    expect(await destroyed('dev', false)).toEqual([expect.anything(), 'refused: Not confirmed.']);
  });
});

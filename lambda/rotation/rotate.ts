import * as z from 'zod/mini';
import { type SecretDescription, type SecretVersions, STAGE } from './secret-versions';
import { RotationFailed, type RotationStrategy } from './strategy';

/** What Secrets Manager sends, once for each step. */
export const rotationEventSchema = z.object({
  SecretId: z.string().check(z.minLength(1)),
  ClientRequestToken: z.string().check(z.minLength(1)),
  Step: z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
});
export type RotationEvent = z.infer<typeof rotationEventSchema>;
export type RotationStep = RotationEvent['Step'];

export interface RotationHost {
  readonly secrets: SecretVersions;
  readonly strategy: RotationStrategy;
  /** Whether a value logs in and may read; false when Redis refuses its credentials. */
  logsIn(secretValue: string): Promise<boolean>;
  sleep(milliseconds: number): Promise<void>;
}

/**
 * Time between the switch and the end of the old credentials, milliseconds. A process may have read the old
 * value an instant before the switch and be connecting with it; and Secrets Manager may hand it out a moment longer.
 */
export const GRACE_MS = 5_000;

/** New users reach the database a little after Redis Cloud calls its task done. */
const LOGIN_ATTEMPTS = 10;
const LOGIN_PAUSE_MS = 2_000;

/**
 * One step of Secrets Manager's rotation contract. Each may be cut off anywhere and be repeated with the same
 * token; AWSCURRENT names working credentials at every moment. A token that is current already has nothing left to
 * do, save that a repeated finishSecret ends the old credentials again, should that have been cut off.
 * @throws RotationFailed when the version is not one to rotate to
 */
export async function rotate(host: RotationHost, event: RotationEvent): Promise<'done' | 'already current'> {
  const { SecretId: secretId, ClientRequestToken: token, Step: step } = event;
  const description = await host.secrets.describe(secretId);
  if (isCurrent(description, token)) {
    if (step === 'finishSecret') await retire(host, secretId, token);
    return 'already current';
  }
  await STEPS[step](host, secretId, token, description);
  return 'done';
}

function isCurrent({ rotationEnabled, stages }: SecretDescription, token: string): boolean {
  if (rotationEnabled === false) throw new RotationFailed('The secret is not set up for rotation.');
  const labels = stages.get(token);
  if (labels === undefined) throw new RotationFailed('The secret has no version with this token.');
  if (labels.includes(STAGE.current)) return true;
  if (!labels.includes(STAGE.pending)) {
    throw new RotationFailed('The version with this token is neither pending nor current.');
  }
  return false;
}

type Step = (
  host: RotationHost,
  secretId: string,
  token: string,
  description: SecretDescription,
) => Promise<void>;

const STEPS: Readonly<Record<RotationStep, Step>> = {
  async createSecret(host, secretId, token) {
    const current = await currentValue(host, secretId);
    // What an earlier try of this token stored may be in use at Redis already, so it stays.
    if ((await host.secrets.value(secretId, STAGE.pending, token)) !== undefined) return;
    await host.secrets.putPending(secretId, token, host.strategy.propose(current));
  },
  async setSecret(host, secretId, token) {
    const current = await currentValue(host, secretId);
    await host.strategy.apply(await pendingValue(host, secretId, token), current);
  },
  async testSecret(host, secretId, token) {
    // Secrets Manager calls this step alone when a rotation is set up, before any new value exists.
    const pending =
      (await host.secrets.value(secretId, STAGE.pending, token)) ?? (await currentValue(host, secretId));
    for (let attempt = 1; !(await host.logsIn(pending)); attempt += 1) {
      if (attempt === LOGIN_ATTEMPTS) {
        throw new RotationFailed('Redis refuses the new credentials; the old ones stay current.');
      }
      await host.sleep(LOGIN_PAUSE_MS);
    }
  },
  async finishSecret(host, secretId, token, { stages }) {
    const from = [...stages].find(([, labels]) => labels.includes(STAGE.current))?.[0];
    if (from === undefined) throw new RotationFailed('The secret has no current version.');
    await host.secrets.makeCurrent(secretId, token, from);
    await retire(host, secretId, token);
  },
};

async function retire(host: RotationHost, secretId: string, token: string): Promise<void> {
  await host.sleep(GRACE_MS);
  const current = await host.secrets.value(secretId, STAGE.current, token);
  // Another rotation has moved on meanwhile; ending what came before it is its business.
  if (current !== undefined) await host.strategy.retire(current);
}

async function currentValue(host: RotationHost, secretId: string): Promise<string> {
  const value = await host.secrets.value(secretId, STAGE.current);
  if (value === undefined) {
    throw new RotationFailed('The secret has no value yet; deploy once, which stores the connection string.');
  }
  return value;
}

async function pendingValue(host: RotationHost, secretId: string, token: string): Promise<string> {
  const value = await host.secrets.value(secretId, STAGE.pending, token);
  if (value === undefined)
    throw new RotationFailed('The pending version has no value; createSecret comes first.');
  return value;
}

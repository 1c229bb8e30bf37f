import { parseConnectionString } from '../../lambda/redis/connection-string';
import { connectionStringOf } from '../../lambda/redis/secret';
import type { AwsAccess, StoredSecret } from './aws-access';
import { addressOf, addressText } from './redis-address';

/** What to do with the secret: leave it as it is, or put the given string in. */
export type SecretDecision =
  { readonly put: false; readonly reason: string } | { readonly put: true; readonly reason: string };

/** The usable connection string in a stored secret; undefined for none, and for the template's placeholder. */
export function usableString(stored: StoredSecret | undefined): string | undefined {
  try {
    const value = connectionStringOf(stored?.value);
    parseConnectionString(value);
    return value;
  } catch {
    return undefined;
  }
}

/**
 * Whether the given string goes into the secret. Once rotation has changed the password, the string in a file
 * is the old one: then only a move to another database, or the operator's word, replaces the secret.
 */
export function decideSecret(
  given: string | undefined,
  stored: StoredSecret | undefined,
  replaceRotated: boolean,
): SecretDecision {
  const current = usableString(stored);
  if (given === undefined) return { put: false, reason: 'no string given: the secret stays as it is' };
  if (current === undefined) return { put: true, reason: 'put for the first time' };
  if (current === given.trim()) return { put: false, reason: 'unchanged' };
  if (hasPassword(current) && !hasPassword(given)) {
    return { put: false, reason: 'kept: the given string has no password, the stored one has' };
  }
  if (!replaceRotated && rotatedString(stored, given) !== undefined) {
    return {
      put: false,
      reason: 'kept: rotation changed the password since (--replace-rotated puts the given string in)',
    };
  }
  return { put: true, reason: 'replaced' };
}

/** A string without one is enough to synthesize a peered environment, and would lock every function out. */
function hasPassword(connectionString: string): boolean {
  return parseConnectionString(connectionString).password !== undefined;
}

/** What rotation has made of the given string: the stored one, where it leads to the same database. */
export function rotatedString(stored: StoredSecret | undefined, given: string): string | undefined {
  const current = usableString(stored);
  if (current === undefined || stored?.rotated !== true) return undefined;
  const address = (value: string): string => addressText(addressOf(parseConnectionString(value)));
  return address(current) === address(given) ? current : undefined;
}

/** Brings the secret up to date and says what was done. */
export async function syncSecret(
  aws: AwsAccess,
  secretId: string,
  given: string | undefined,
  replaceRotated: boolean,
): Promise<SecretDecision> {
  const decision = decideSecret(given, await aws.readSecret(secretId), replaceRotated);
  if (decision.put && given !== undefined) await aws.putSecret(secretId, given.trim());
  return decision;
}

import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { RedisUnavailable } from './failures';
import type { ConnectionSource } from './source';

/** What this needs of a secret store. */
export interface SecretReader {
  /** The current value of a secret as text; undefined when it has none. */
  read(secretId: string): Promise<string | undefined>;
}

const documentSchema = z.object({ connectionString: z.string().check(z.minLength(1)) });

/**
 * The connection string in a secret's value, which is either the string itself or `{"connectionString": …}`.
 * @throws RedisUnavailable when it is neither; nothing of the value is repeated
 */
export function connectionStringOf(value: string | undefined): string {
  const text = value?.trim() ?? '';
  if (text === '') throw new RedisUnavailable('secret');
  if (!text.startsWith('{')) return text;
  try {
    return z.parse(documentSchema, JSON.parse(text)).connectionString;
  } catch {
    throw new RedisUnavailable('secret');
  }
}

/** Milliseconds; a cold start waits for the secret, and a lookup without Redis is better than a late one. */
const SECRET_TIMEOUTS = {
  connectionTimeout: 500,
  requestTimeout: 1_500,
  // An answer that stops half-way would otherwise never end, and while it lasts no other attempt is made.
  socketTimeout: 1_500,
  // Without it the SDK only warns, and waits on.
  throwOnRequestTimeout: true,
} as const;

/** Secrets Manager, its SDK loaded when first needed: loading it at start-up would cost every cold start. */
export function secretsManagerReader(): SecretReader {
  let client: SecretsManagerClient | undefined;
  return {
    async read(secretId) {
      const sdk = await import('@aws-sdk/client-secrets-manager');
      client ??= new sdk.SecretsManagerClient({ maxAttempts: 2, requestHandler: SECRET_TIMEOUTS });
      const answer = await client.send(new sdk.GetSecretValueCommand({ SecretId: secretId }));
      return answer.SecretString;
    },
  };
}

/**
 * The connection string in a secret, kept for the life of the process. Reads at one time are one read.
 * @param secretId name or ARN
 */
export function secretSource(
  secretId: string,
  reader: SecretReader = secretsManagerReader(),
): ConnectionSource {
  let known: string | undefined;
  let reading: Promise<string> | undefined;
  const read = async (): Promise<string> => {
    try {
      known = connectionStringOf(await reader.read(secretId));
      return known;
    } catch {
      // The SDK's message may be long, but never holds the value; its class alone would not help a caller either.
      throw new RedisUnavailable('secret');
    } finally {
      reading = undefined;
    }
  };
  const refresh = (): Promise<string> => (reading ??= read());
  return {
    current: () => (known === undefined ? refresh() : Promise.resolve(known)),
    refresh,
  };
}

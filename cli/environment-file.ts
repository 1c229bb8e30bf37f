import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import type { EnvironmentName } from '../lambda/names/environments';

/** Variables of `.env.<env>` in the working directory; none when there is no such file. */
export function readEnvironmentFile(environment: EnvironmentName): Record<string, string> {
  try {
    return parse(readFileSync(`.env.${environment}`, 'utf8'));
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

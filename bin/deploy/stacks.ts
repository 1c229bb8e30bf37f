import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { EnvironmentName } from '../../lambda/names/environments';
import { stackName } from '../../lib/config/stack-names';

const manifestSchema = z.object({
  artifacts: z.record(z.string(), z.object({ type: z.string() })),
});

/** Names of the stacks in a synthesized assembly. */
export function stacksIn(folder: string): string[] {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  return Object.entries(manifest.artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([name]) => name);
}

/** Bucket and secret: deployed first, so that the string is in place before a function reads it. */
export function storageStack(environment: EnvironmentName): string {
  return stackName(environment, 'Storage');
}

/** Outputs of an environment that its operators use, wherever they stand. */
export const REPORTED_OUTPUTS = ['ApiUrl', 'BucketName', 'RedisSecretArn', 'DashboardUrl'] as const;

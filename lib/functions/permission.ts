import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import * as z from 'zod/mini';
import { acknowledge } from '../acknowledge';

/** One thing that a role may do. */
export interface Permission {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Why a resource with a wildcard is as narrow as it can be. Without it the security rules refuse it. */
  readonly wildcard?: string;
}

export function statement(permission: Permission): PolicyStatement {
  const { sid, actions, resources, conditions } = permission;
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });
}

/** Records the reasons for wildcards where the security rules look for them: one for each finding. */
export function acknowledgeWildcards(policy: IConstruct, permissions: readonly Permission[]): void {
  for (const { resources, wildcard } of permissions) {
    if (wildcard === undefined) continue;
    for (const resource of resources) {
      const finding = flatten(Stack.of(policy).resolve(resource));
      if (!finding.includes('*')) continue;
      acknowledge(policy, `AwsSolutions-IAM5[Resource::${finding}]`, wildcard);
    }
  }
}

const join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
const ref = z.object({ Ref: z.string() });
const attribute = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });

/** A resolved value as the security rules write it in the name of a finding. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = join.safeParse(value);
  if (joined.success) return joined.data['Fn::Join'][1].map(flatten).join(joined.data['Fn::Join'][0]);
  const reference = ref.safeParse(value);
  if (reference.success) return `<${reference.data.Ref}>`;
  const read = attribute.safeParse(value);
  return read.success ? `<${read.data['Fn::GetAtt'].join('.')}>` : JSON.stringify(value);
}

import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Records why a rule of the security packs does not apply to one construct. `rule` as the packs print it,
 * such as `AwsSolutions-S1`; the reason is what an auditor reads.
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  const pack = rule.slice(0, rule.indexOf('-'));
  Validations.of(construct).acknowledge({ id: `${pack}::${rule}`, reason });
}

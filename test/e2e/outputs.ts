import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { EnvironmentName } from '../../lambda/names/environments';

/** Outputs of all stacks of an environment together. */
export async function stackOutputs(environment: EnvironmentName): Promise<Record<string, string>> {
  const { Stacks = [] } = await new CloudFormationClient({}).send(new DescribeStacksCommand({}));
  const outputs: Record<string, string> = {};
  for (const { StackName, Outputs = [] } of Stacks) {
    if (StackName?.startsWith(`MedicalCodes-${environment}-`) !== true) continue;
    for (const { OutputKey, OutputValue } of Outputs) outputs[OutputKey ?? ''] = OutputValue ?? '';
  }
  return outputs;
}

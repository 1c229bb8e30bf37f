import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from './config/environments';
import { stackName } from './config/stack-names';

/** One stack of one environment: named, tagged and protected alike. */
export class EnvironmentStack extends Stack {
  /** `part` is the last word of the stack's name. */
  constructor(
    scope: Construct,
    part: string,
    config: EnvironmentConfig,
    description: string,
    region = config.region,
  ) {
    super(scope, stackName(config.name, part), {
      description: `medical-codes ${config.name}: ${description}`,
      terminationProtection: config.terminationProtection,
      env: { ...(config.account && { account: config.account }), ...(region && { region }) },
    });
    Tags.of(this).add('Project', 'medical-codes');
    Tags.of(this).add('Environment', config.name);
  }
}

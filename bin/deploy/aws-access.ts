import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** A secret as the deployment found it. */
export interface StoredSecret {
  /** The current value; undefined when it has none. */
  readonly value: string | undefined;
  /** A rotation has changed the password, so the value is newer than what anybody wrote into a file. */
  readonly rotated: boolean;
}

/** What the deployment asks of AWS besides what the CDK does. */
export interface AwsAccess {
  /** Region that the credentials' configuration names. Throws when there is none. */
  region(): Promise<string>;
  /** Account number of the caller. Throws when credentials are missing or refused. */
  account(): Promise<string>;
  /** Outputs of a stack, or undefined when it does not exist. */
  stackOutputs(name: string, region?: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Undefined when no such secret exists. */
  readSecret(id: string): Promise<StoredSecret | undefined>;
  putSecret(id: string, value: string): Promise<void>;
}

const LIMITS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} as const;

/** The real thing. Profile, region and credentials are found as by every AWS tool. */
export function awsAccess(region: string | undefined): AwsAccess {
  const options = { ...LIMITS, ...(region !== undefined && { region }) };
  const secrets = new SecretsManagerClient(options);
  const cloudFormation = (where = region) =>
    new CloudFormationClient({ ...LIMITS, ...(where !== undefined && { region: where }) });
  return {
    region: () => cloudFormation().config.region(),
    async account() {
      const { Account } = await new STSClient(options).send(new GetCallerIdentityCommand({}));
      if (Account === undefined) throw new Error('AWS named no account');
      return Account;
    },
    async stackOutputs(name, where) {
      const stack = await describeStack(cloudFormation(where), name);
      if (stack === undefined) return undefined;
      const outputs = (stack.Outputs ?? []).map(
        ({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? ''] as const,
      );
      return Object.fromEntries(outputs);
    },
    async readSecret(id) {
      try {
        const about = await secrets.send(new DescribeSecretCommand({ SecretId: id }));
        if (about.DeletedDate !== undefined) return undefined;
        return { value: await currentValue(secrets, id), rotated: about.LastRotatedDate !== undefined };
      } catch (error) {
        if (nameOf(error) === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },
    async putSecret(id, value) {
      await secrets.send(new PutSecretValueCommand({ SecretId: id, SecretString: value }));
    },
  };
}

async function describeStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    // CloudFormation has no error of its own for "no such stack".
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

async function currentValue(client: SecretsManagerClient, id: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString;
  } catch (error) {
    // A secret that exists without any version.
    if (nameOf(error) === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

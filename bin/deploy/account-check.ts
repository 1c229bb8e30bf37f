import type { AwsAccess } from './aws-access';
import { Refused } from '../../cli/terminal/failure';

export interface Account {
  readonly account: string;
  readonly region: string;
}

/** Stack that `cdk bootstrap` makes, once per account and region. */
const BOOTSTRAP_STACK = 'CDKToolkit';

/** What an operator does about the failures that AWS's tools word worst. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/Region is missing/i, 'Set CDK_DEFAULT_REGION in the environment’s file, or AWS_REGION.'],
  [
    /CredentialsProviderError|Could not load credentials/i,
    'Log in (for example: aws sso login), or set AWS_PROFILE.',
  ],
  [/Expired/i, 'Log in again (for example: aws sso login).'],
  [
    /InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient/i,
    'The access key is not valid; log in again.',
  ],
  [/AccessDenied/i, 'The credentials may not ask who they are; use those of a deployer.'],
  [/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|TimeoutError/i, 'AWS cannot be reached from here.'],
];

/**
 * Who will deploy, and where. Refuses an account other than the one the environment names, and one that was
 * never prepared for the CDK.
 * @param regions further regions that get a stack, such as the replica's
 * @throws Refused
 */
export async function checkAccount(
  aws: AwsAccess,
  expectedAccount: string | undefined,
  regions: readonly string[] = [],
): Promise<Account> {
  const { account, region } = await caller(aws);
  if (expectedAccount !== undefined && expectedAccount !== account) {
    throw new Refused(
      `The AWS credentials are for account ${account}, but CDK_DEFAULT_ACCOUNT names ${expectedAccount}. Switch AWS_PROFILE, or correct the variable.`,
    );
  }
  for (const place of [region, ...regions]) {
    if ((await aws.stackOutputs(BOOTSTRAP_STACK, place)) === undefined) {
      throw new Refused(
        `Account ${account} is not prepared for the CDK in ${place}. Run once: npx cdk bootstrap aws://${account}/${place}`,
      );
    }
  }
  return { account, region };
}

async function caller(aws: AwsAccess): Promise<Account> {
  try {
    return { region: await aws.region(), account: await aws.account() };
  } catch (error) {
    const text = error instanceof Error ? `${error.name} ${error.message} ${codeOf(error)}` : '';
    const advice =
      ADVICE.find(([pattern]) => pattern.test(text))?.[1] ?? 'See the AWS CLI: aws sts get-caller-identity.';
    const reason = error instanceof Error ? error.name : 'unknown error';
    throw new Refused(`AWS did not say who is deploying (${reason}). ${advice}`);
  }
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

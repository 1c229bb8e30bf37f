import type { EnvironmentConfig } from '../../lib/config/environments';
import type { Account } from './account-check';
import type { Cdk } from './cdk-cli';
import type { Output } from '../../cli/terminal/output';
import { Steps } from '../../cli/terminal/steps';
import { Refused } from '../../cli/terminal/failure';

/** Deletes what keeps a bucket from being deleted. */
export interface BucketEmptier {
  /** Names of the buckets in a stack; none when it does not exist. */
  bucketsOf(stack: string, region: string): Promise<string[]>;
  /** Deletes every version of every object, locked ones too. Returns how many. */
  empty(bucket: string, region: string): Promise<number>;
}

export interface DestructionHost {
  readonly output: Pick<Output, 'note'>;
  account(): Promise<Account>;
  cdk(region: string): Cdk;
  stacks(): string[];
  emptier(): BucketEmptier;
  confirm(consequence: string): Promise<void>;
}

const STATEFUL = /-(Storage|Replica)$/;

/**
 * Destroys an environment. Only dev's data goes with it: elsewhere bucket, keys and secret outlive their stacks,
 * and prod's stacks cannot be deleted at all until somebody lifts their protection by hand.
 * @throws Refused while nothing has changed
 */
export async function destroy(config: EnvironmentConfig, host: DestructionHost): Promise<void> {
  const { name, retain, terminationProtection, replicaRegion } = config;
  if (terminationProtection) {
    throw new Refused(
      `The stacks of ${name} are protected from deletion. Lift the protection of each in the CloudFormation console and delete it there; bucket, keys and secret stay.`,
    );
  }
  const { account, region } = await host.account();
  await host.confirm(
    retain
      ? `This deletes the stacks of ${name} in account ${account}, ${region}. Bucket, keys and secret stay.`
      : `This deletes everything of ${name} in account ${account}, ${region}: catalog, backups and secret too.`,
  );
  const cdk = host.cdk(region);
  const steps = new Steps(host.output, retain ? 3 : 4);
  await steps.step('Synthesize the stacks', async () => {
    await cdk.synth();
    return undefined;
  });
  const stateful = host.stacks().filter((stack) => STATEFUL.test(stack));
  await steps.step('Delete what runs', async () => {
    await cdk.destroy(host.stacks().filter((stack) => !STATEFUL.test(stack)));
    return undefined;
  });
  if (!retain) {
    await steps.step('Empty the buckets', async () => {
      const emptier = host.emptier();
      let deleted = 0;
      for (const stack of stateful) {
        const where = stack.endsWith('-Replica') ? (replicaRegion ?? region) : region;
        for (const bucket of await emptier.bucketsOf(stack, where))
          deleted += await emptier.empty(bucket, where);
      }
      return `${deleted} object versions deleted`;
    });
  }
  await steps.step(
    retain ? 'Delete the storage stacks; their contents stay' : 'Delete the storage',
    async () => {
      await cdk.destroy(stateful);
      return undefined;
    },
  );
}

import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  S3Client,
} from '@aws-sdk/client-s3';
import type { BucketEmptier } from './destruction';
import { StepFailed } from '../../cli/terminal/failure';

/** The real one, over the AWS SDK. */
export function bucketEmptier(): BucketEmptier {
  return {
    async bucketsOf(stack, region) {
      const names: string[] = [];
      try {
        const pages = paginateListStackResources(
          { client: new CloudFormationClient({ region }) },
          { StackName: stack },
        );
        for await (const { StackResourceSummaries = [] } of pages) {
          for (const { ResourceType, PhysicalResourceId, ResourceStatus } of StackResourceSummaries) {
            if (ResourceType !== 'AWS::S3::Bucket' || ResourceStatus === 'DELETE_COMPLETE') continue;
            if (PhysicalResourceId !== undefined) names.push(PhysicalResourceId);
          }
        }
      } catch (error) {
        if (!(error instanceof Error && error.message.includes('does not exist'))) throw error;
      }
      return names;
    },
    async empty(bucket, region) {
      const client = new S3Client({ region });
      let deleted = 0;
      // Each round lists from the start: what was listed before is gone.
      for (;;) {
        const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
        const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
          ({ Key, VersionId }): ObjectIdentifier => ({ Key, VersionId }),
        );
        if (objects.length === 0) return deleted;
        await deleteAll(client, bucket, objects);
        deleted += objects.length;
      }
    },
  };
}

async function deleteAll(client: S3Client, bucket: string, objects: ObjectIdentifier[]): Promise<void> {
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: objects, Quiet: true },
      // Backups are locked in governance mode: whoever may destroy dev may also end their retention.
      BypassGovernanceRetention: true,
    }),
  );
  const [first] = Errors;
  if (first !== undefined)
    throw new StepFailed(`${bucket}: ${Errors.length} objects cannot be deleted (${first.Code ?? ''}).`);
}

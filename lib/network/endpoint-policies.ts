import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What may pass the S3 endpoint: the environment's own bucket, so that no function can write elsewhere. */
export function restrictedToBucket(bucketArn: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'OwnBucketOnly',
    principals: [new AnyPrincipal()],
    actions: [
      's3:GetObject',
      's3:PutObject',
      's3:PutObjectRetention',
      's3:DeleteObject',
      's3:ListBucket',
      's3:AbortMultipartUpload',
      's3:ListMultipartUploadParts',
    ],
    resources: [bucketArn, `${bucketArn}/*`],
  });
}

/** What may pass the Secrets Manager endpoint: this account's roles, reading and rotating. */
export function restrictedToSecrets(account: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'OwnAccountOnly',
    principals: [new AnyPrincipal()],
    actions: [
      'secretsmanager:GetSecretValue',
      'secretsmanager:DescribeSecret',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:PrincipalAccount': account } },
  });
}

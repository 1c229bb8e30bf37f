import { equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { record } from '../adaptation/adapted-copy';
import { OBJECT_LOCK } from '../adaptation/adaptations';
import { resourcesOf, type Template } from '../adaptation/template';
import type { Step } from '../step';

export const objectLock: Step = {
  title: 'the template switches Object Lock on, and the emulator is made to',
  async run({ checkout, journal, outputs }) {
    const file = 'MedicalCodes-dev-Storage.template.json';
    const path = join(checkout.folder, 'cdk.out/dev', file);
    const bucket = outputs.dev?.BucketName;
    const [found] = resourcesOf(JSON.parse(readFileSync(path, 'utf8')) as Template, 'AWS::S3::Bucket').filter(
      ([, { Properties = {} }]) => Properties.BucketName === bucket,
    );
    equal(found?.[1].Properties?.ObjectLockEnabled, true);
    await new S3Client({}).send(
      new PutObjectLockConfigurationCommand({
        Bucket: bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
      }),
    );
    record(journal, { name: OBJECT_LOCK.name, template: file, ids: [found[0]] });
    return undefined;
  },
};

import { Duration } from 'aws-cdk-lib';
import { Rule, type Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CHECKPOINT_NAME } from '../../lambda/backup/backup-layout';
import { layout } from '../../lambda/catalog/layout';
import type { MedicalFunction } from './medical-function';

/** EventBridge hands an event over again only while it still means something. */
const DELIVERY = { retryAttempts: 2, maxEventAge: Duration.minutes(10) };

/** Calls the function on a schedule, in UTC. */
export function onSchedule(target: MedicalFunction, schedule: Schedule): void {
  new Rule(target, 'Schedule', { schedule, targets: [new LambdaFunction(target.function, DELIVERY)] });
}

/** Calls the function when a release has gone live: its pointer was written. */
export function onPublish(target: MedicalFunction, bucketName: string): void {
  onWritten(target, 'Published', bucketName, [layout.pointer]);
}

/** Calls the function when a backup ran out of time and wrote where to go on. */
export function onCheckpoint(target: MedicalFunction, bucketName: string, prefix: string): void {
  onWritten(target, 'Checkpoint', bucketName, [{ wildcard: `${prefix}*/${CHECKPOINT_NAME}` }]);
}

function onWritten(target: MedicalFunction, id: string, bucketName: string, key: readonly unknown[]): void {
  new Rule(target, id, {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucketName] }, object: { key } },
    },
    targets: [new LambdaFunction(target.function, DELIVERY)],
  });
}

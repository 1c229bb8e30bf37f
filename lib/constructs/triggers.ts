import { Duration } from 'aws-cdk-lib';
import { Rule, type Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
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
  new Rule(target, 'Published', {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucketName] }, object: { key: [layout.pointer] } },
    },
    targets: [new LambdaFunction(target.function, DELIVERY)],
  });
}

import type { EnvironmentName } from '../../lambda/names/environments';

/** What every stack, alarm and dashboard of an environment is called by. */
export function environmentPrefix(environment: EnvironmentName): string {
  return `MedicalCodes-${environment}`;
}

/** CloudFormation's name of one stack; `part` is its last word, such as `Storage`. */
export function stackName(environment: EnvironmentName, part: string): string {
  return `${environmentPrefix(environment)}-${part}`;
}

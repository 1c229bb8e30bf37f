import type { EnvironmentName } from '../../lambda/names/environments';
import {
  type ConnectionTarget,
  InvalidConnectionString,
  parseConnectionString,
} from '../../lambda/redis/connection-string';
import { type Check, fail, type Finding, pass, skipped, warn } from './check';
import type { Patient } from './patient';

const DAY_MS = 86_400_000;
/** A quarter, the rotation the runbook asks for in production. */
const MAX_SECRET_AGE_DAYS = 90;

/** For everything that AWS refuses to tell. */
export const CHECK_AWS = 'Check your AWS credentials, the region, and that the environment is deployed.';

/** Variables, secret and connection string: what must be right before anything can be reached. */
export function configurationChecks(patient: Patient, known: (target: ConnectionTarget) => void): Check[] {
  const { environment } = patient;
  return [
    {
      id: 'configuration',
      title: 'Variables of the environment',
      needs: [],
      run: () => {
        const { configurationProblem: problem } = patient;
        const file = environment === undefined ? 'the shell' : `.env.${environment} or the shell`;
        if (problem !== undefined) return Promise.resolve(fail(problem, `Correct it in ${file}.`));
        return Promise.resolve(environment === undefined ? skipped('no --env') : pass('all usable'));
      },
    },
    {
      id: 'connection-string',
      title: 'Connection string',
      needs: [],
      run: async () => {
        let target: ConnectionTarget;
        try {
          target = parseConnectionString(await patient.connectionString());
        } catch (error) {
          return unusable(error, environment);
        }
        known(target);
        const traits = [
          target.tls ? 'TLS' : 'no TLS',
          ...(target.cluster ? ['cluster'] : []),
          ...(target.replica === undefined ? [] : ['with a replica']),
        ];
        return pass(`${target.host}:${target.port}, ${traits.join(', ')}`);
      },
    },
    {
      id: 'secret-age',
      title: 'Age of the secret',
      needs: [],
      run: () => secretAge(patient),
      remedy: CHECK_AWS,
    },
  ];
}

function unusable(error: unknown, environment: EnvironmentName | undefined): Finding {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof InvalidConnectionString) {
    return fail(detail, 'Copy it anew from the database page of the Redis console.');
  }
  if (environment === undefined) return fail(detail, 'Set REDIS_CONNECTION_STRING.');
  return fail('the secret cannot be read', `${CHECK_AWS} A deployment stores the string in the secret.`);
}

async function secretAge(patient: Patient): Promise<Finding> {
  if (patient.secretAge === undefined) return skipped('the connection string is in no secret');
  const { lastChanged, rotationEnabled } = await patient.secretAge();
  if (lastChanged === undefined) return warn('never changed', 'Deploy, which stores the connection string.');
  const days = Math.floor((patient.now().getTime() - lastChanged.getTime()) / DAY_MS);
  const detail = `changed ${days} d ago, rotation ${rotationEnabled ? 'on' : 'off'}`;
  if (patient.environment === 'prod' && days > MAX_SECRET_AGE_DAYS) {
    return warn(detail, `Rotate it: production asks for every ${MAX_SECRET_AGE_DAYS} d (docs/rotation.md).`);
  }
  return pass(detail);
}

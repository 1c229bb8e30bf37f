import { childEnvironment } from '../../bin/deploy/cdk-cli';
import { environmentConfig } from '../../lib/config/environments';

const options = { root: '/checkout', environment: 'prod', region: 'eu-west-1', interactive: false };

describe('what the CDK is run with', () => {
  it('knows how to reach Redis, but not how to log in', () => {
    const given = 'rediss://user:s3cret@redis.example:6380/0?cluster=true&replica=other.example:6381';
    const environment = childEnvironment({ ...options, variables: { REDIS_CONNECTION_STRING: given } });
    expect(Object.values(environment).join('\n')).not.toMatch(/s3cret|user:/);
    expect(environmentConfig('prod', environment).redis).toEqual(
      environmentConfig('prod', { REDIS_CONNECTION_STRING: given }).redis,
    );
  });

  it('looks for AWS where the stacks go, whatever the shell says', () => {
    const environment = childEnvironment({
      ...options,
      variables: { AWS_REGION: 'us-east-1', AWS_PROFILE: 'ops' },
    });
    expect(environment).toMatchObject({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'ops' });
  });

  it('finds the pinned CLI where npm has not put it on the path, after any other', () => {
    const environment = childEnvironment({ ...options, variables: { PATH: '/usr/bin' } });
    expect(environment.PATH).toBe('/usr/bin:/checkout/node_modules/.bin');
  });
});

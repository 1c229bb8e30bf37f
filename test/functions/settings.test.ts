import { settingsOf } from '../../lambda/functions/settings';
import { SETTING } from '../../lambda/names/settings';

const STACKS_GIVE = {
  [SETTING.environment]: 'dev',
  [SETTING.redisSecretArn]: 'arn:secret',
  [SETTING.catalogStore]: 's3://bucket',
  [SETTING.authMode]: 'jwt',
  [SETTING.teamClaim]: 'custom:team',
  [SETTING.usageCounting]: 'off',
  [SETTING.backupPrefix]: 'backups/redis/dev/',
  [SETTING.backupRetentionDays]: '7',
  [SETTING.planMemoryMb]: '30',
  [SETTING.planConnections]: '30',
  [SETTING.planOpsPerSecond]: '0',
  [SETTING.rotationStrategy]: 'redis-cloud',
  [SETTING.redisCloudApiSecretArn]: 'arn:api',
  [SETTING.redisCloudAclUsers]: '1:a,2:b',
};

describe('the variables of the functions', () => {
  it('are taken as the stacks give them', () => {
    expect({ ...settingsOf(STACKS_GIVE) }).toEqual({
      environment: 'dev',
      redisSecretArn: 'arn:secret',
      catalogStore: 's3://bucket',
      authMode: 'jwt',
      teamClaim: 'custom:team',
      countUses: false,
      backupPrefix: 'backups/redis/dev/',
      backupRetentionDays: 7,
      planMemoryMb: 30,
      planConnections: 30,
      planOpsPerSecond: 0,
      rotationStrategy: 'redis-cloud',
      redisCloudApiSecretArn: 'arn:api',
      redisCloudAclUsers: '1:a,2:b',
      redisCloudApiUrl: undefined,
    });
  });

  it('may leave out the claim of the team and the counting of uses', () => {
    const { teamClaim, countUses } = settingsOf({});
    expect([teamClaim, countUses]).toEqual(['teamId', true]);
  });

  it.each([
    [SETTING.environment, 'qa', 'environment'],
    [SETTING.environment, undefined, 'environment'],
    [SETTING.redisSecretArn, '', 'redisSecretArn'],
    [SETTING.authMode, 'none', 'authMode'],
    [SETTING.planMemoryMb, '30 MB', 'planMemoryMb'],
    [SETTING.backupRetentionDays, '-1', 'backupRetentionDays'],
    [SETTING.rotationStrategy, 'off', 'rotationStrategy'],
  ] as const)('stop a function that takes %s where it is %j, by its name', (name, value, setting) => {
    const settings = settingsOf({ ...STACKS_GIVE, [name]: value });
    expect(() => settings[setting]).toThrow(new RegExp(`^${name} `));
  });
});

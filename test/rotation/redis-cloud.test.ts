import { credentialsOf } from '../../lambda/rotation/credentials';
import { parseAclUsers, redisCloudStrategy } from '../../lambda/rotation/redis-cloud';
import { RedisCloudApi } from '../../lambda/rotation/redis-cloud-api';
import { FakeSecret } from './fake-secrets';
import { hostOf, redisCloud, rotateWhole, USERS } from './harness';
import { API_KEYS, type RedisCloudServer, startRedisCloud } from './redis-cloud-server';

describe('rotation at Redis Cloud', () => {
  it('lets two users take turns, the one out of use changing', async () => {
    const redis = await redisCloud();
    try {
      const secret = new FakeSecret(redis.firstSecret);
      const host = hostOf(redis, secret);
      const names: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        const before = secret.current();
        await rotateWhole(host, secret);
        names.push(credentialsOf(secret.current()).username);
        // The credentials just replaced stay valid until their own turn.
        expect(await redis.login.logsIn(before)).toBe(true);
      }
      expect(names).toEqual(['codes-a', 'codes-b', 'codes-a']);
      const puts = redis.cloud.seen.filter(({ method }) => method === 'PUT').map(({ path }) => path);
      expect(puts).toEqual(['/v1/acl/users/1201', '/v1/acl/users/1202', '/v1/acl/users/1201']);
    } finally {
      await redis.stop();
    }
  });

  it('never changes the user in use', async () => {
    const strategy = redisCloudStrategy(
      { setUserPassword: () => Promise.reject(new Error('called')) },
      USERS,
    );
    await expect(strategy.apply('redis://codes-a:new@h:1', 'redis://codes-a:old@h:1')).rejects.toThrow(
      'user in use',
    );
    await expect(strategy.apply('redis://stranger:new@h:1', 'redis://codes-a:old@h:1')).rejects.toThrow(
      'REDIS_CLOUD_ACL_USERS',
    );
  });
});

describe('the setting with the two users', () => {
  it('is read with or without spaces', () => {
    expect(parseAclUsers('1201:codes-a, 1202:codes-b')).toEqual(USERS);
  });

  it.each(['', '1:a', '1:a,1:b', '1:a,2:a', '1:a,2:b,3:c', 'a:1,b:2', '1:a,2:b c'])('refuses %j', (text) => {
    expect(() => parseAclUsers(text)).toThrow('REDIS_CLOUD_ACL_USERS');
  });
});

describe('the Redis Cloud API', () => {
  let cloud: RedisCloudServer;
  let passwords: string[];
  let pauses: number[];

  beforeEach(async () => {
    passwords = [];
    pauses = [];
    cloud = await startRedisCloud(new Map([['7', 'codes-a']]), (_user, password) => {
      passwords.push(password);
      return Promise.resolve();
    });
  });
  afterEach(() => cloud.stop());

  const api = (keys = API_KEYS, baseUrl = cloud.url) =>
    new RedisCloudApi({
      baseUrl,
      apiKeys: () => Promise.resolve(keys),
      sleep: (milliseconds) => {
        pauses.push(milliseconds);
        return Promise.resolve();
      },
    });

  it('is asked once, then about its task until that is done', async () => {
    cloud.polls = 3;
    await api().setUserPassword('7', 'secret');
    expect(passwords).toEqual(['secret']);
    expect(cloud.seen).toEqual([
      { method: 'PUT', path: '/v1/acl/users/7', body: { password: 'secret' } },
      ...Array(3).fill({ method: 'GET', path: '/v1/tasks/task-1', body: undefined }),
    ]);
    expect(pauses).toEqual([2_000, 2_000, 2_000]);
  });

  it('is asked again after its rate limit, its own trouble and a dropped connection', async () => {
    cloud.interruptions.push(
      (response) => void response.writeHead(429, { 'retry-after': '7' }).end(),
      (response) => void response.writeHead(503).end(),
      (response) => void response.destroy(),
      (response) => void response.writeHead(409).end(),
    );
    await api().setUserPassword('7', 'secret');
    expect(passwords).toEqual(['secret']);
    expect(pauses.slice(0, 4)).toEqual([7_000, 2_000, 4_000, 8_000]);
  });

  it('may not know a task at first', async () => {
    cloud.interruptions.push(
      (response) => void response.writeHead(202).end('{"taskId":"task-1","status":"received"}'),
      (response) => void response.writeHead(404).end(),
      (response) =>
        void response.end('{"taskId":"task-1","status":"processing-completed","response":{"error":null}}'),
    );
    await expect(api().setUserPassword('7', 'secret')).resolves.toBeUndefined();
  });

  it('gives the reason of a failed task', async () => {
    cloud.taskError = { type: 'ACL_USER_NOT_FOUND', status: '404 NOT_FOUND', description: 'no such user' };
    await expect(api().setUserPassword('7', 'secret')).rejects.toThrow(
      'ACL_USER_NOT_FOUND, 404 NOT_FOUND, no such user',
    );
  });

  it('says that a task did not finish in time', async () => {
    cloud.polls = 1_000;
    await expect(api().setUserPassword('7', 'secret')).rejects.toThrow('did not finish');
    expect(pauses.reduce((sum, each) => sum + each, 0)).toBe(90_000);
  });

  it('names what is wrong with keys, user, answer and address, and repeats no secret', async () => {
    const wrong = { accessKey: 'a', secretKey: 'wrong-key' };
    await expect(api(wrong).setUserPassword('7', 's3cret')).rejects.toThrow('refuses the API keys (401)');
    await expect(api().setUserPassword('8', 's3cret')).rejects.toThrow('no ACL user with id 8');
    cloud.interruptions.push((response) => void response.end('<html>'));
    await expect(api().setUserPassword('7', 's3cret')).rejects.toThrow('no task');
    cloud.interruptions.push((response) => void response.writeHead(400).end('{"password":"s3cret"}'));
    await expect(api().setUserPassword('7', 's3cret')).rejects.toThrow(/^Redis Cloud answered 400\.$/);
    await expect(api(API_KEYS, 'http://127.0.0.1:1/v1').setUserPassword('7', 's3cret')).rejects.toThrow(
      /^Redis Cloud's API cannot be reached/,
    );
    // Nothing of this was worth repeating but the address.
    expect(cloud.seen.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'PUT', 'PUT']);
  });
});

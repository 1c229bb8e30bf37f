import { redisSource } from '../../cli/redis-source';
import { RedisConnection } from '../../lambda/redis/connection';
import { secretSource } from '../../lambda/redis/secret';
import { redisEndpoint, redisTarget } from '../../lib/config/redis-endpoint';
import { readLocalSettings } from '../../local/settings';

/** Everybody who is handed a connection string; each throws, or not, as it does before it goes on. */
const USERS: Readonly<Record<string, (text: string) => unknown>> = {
  'the stacks': (text) => redisEndpoint(text, 'dev'),
  "the deployment's check of Redis": (text) => redisTarget(text),
  'a command of the CLI': (text) => redisSource({ kind: 'value', connectionString: text }),
  'the local server': (text) => readLocalSettings({ REDIS_CONNECTION_STRING: text }),
  'a function, from its secret': async (text) => {
    const connection = new RedisConnection(secretSource('id', { read: () => Promise.resolve(text) }));
    try {
      await connection.client();
    } finally {
      connection.close();
    }
  },
};

const TAKEN = [
  'redis://h',
  'REDIS://h:1',
  'Rediss://u:p@h:1/2',
  ' redis://h:1\n',
  'redis://u:pa%25ss@h:1',
  'redis://u:p%40w%23@h:1/',
  'redis://:p@[::1]:1?cluster=false&replica=[::2]:2',
  'rediss://h:1?cluster=true',
];

const REFUSED = [
  'h:1',
  '//u:hunter2@h',
  'http://h:1',
  'redis://',
  'redis://:1',
  'redis://h:0',
  'redis://h:99999',
  'redis://h/x',
  'redis://h:1/99999',
  'redis://u:hunter2%ss@h:1',
  'redis://u:hunter2#q@h:1',
  'redis://u:hunter2@x@h:1',
  'redis://default:Abc1@hunter2#q9@host',
  'redis://u:hunter2 x@h:1',
  'redis://h:1?other=1',
  'redis://h:1?replica=r',
  'redis://h:1?replica=r:0',
  'redis://h:1?cluster=yes',
  'redis://h:1/1?cluster=true',
];

describe.each(Object.entries(USERS))('%s', (_, use) => {
  const verdict = async (text: string): Promise<string> => {
    try {
      await use(text);
      return 'taken';
    } catch (error) {
      return String(error);
    }
  };

  it.each(TAKEN)('takes %j', async (text) => {
    expect(await verdict(text)).toBe('taken');
  });

  it.each(REFUSED)('refuses %j, and repeats nothing of it', async (text) => {
    const words = await verdict(text);
    expect(words).not.toBe('taken');
    expect(words).not.toContain('hunter2');
  });
});

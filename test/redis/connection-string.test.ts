import { inspect } from 'node:util';
import { InvalidConnectionString, parseConnectionString } from '../../lambda/redis/connection-string';
import { clusterOptions, redisOptions, retryDelay } from '../../lambda/redis/options';

describe('a Redis connection string', () => {
  it('is read in full', () => {
    expect(parseConnectionString('rediss://default:p%40ss%2Fw%3Frd@host.example:16379/2')).toEqual({
      host: 'host.example',
      port: 16379,
      username: 'default',
      password: 'p@ss/w?rd',
      tls: true,
      db: 2,
      cluster: false,
    });
    expect(parseConnectionString(' redis://host\n')).toEqual({
      host: 'host',
      port: 6379,
      tls: false,
      db: 0,
      cluster: false,
    });
    expect(parseConnectionString('redis://:secret@[::1]:7000?cluster=true&replica=other:7001')).toMatchObject(
      {
        host: '[::1]',
        password: 'secret',
        cluster: true,
        replica: { host: 'other', port: 7001 },
      },
    );
    expect(parseConnectionString('redis://h?replica=[::2]:7001').replica).toEqual({
      host: '[::2]',
      port: 7001,
    });
    expect(parseConnectionString('redis://h?cluster=false').cluster).toBe(false);
  });

  it.each([
    ['', 'is empty'],
    ['hunter2', 'is not a URL'],
    ['https://default:hunter2@host', 'starts with neither'],
    ['redis://', 'names no host'],
    ['redis://default:hunter2@', 'is not a URL'],
    ['redis://default:hun/ter2@host:6379', 'is not a URL'],
    ['redis://default:hun#ter2@host:6379', 'is not a URL'],
    ['redis://default:hunter2@host#x', 'has a #'],
    ['redis://default:hun@ter2@host', 'more than one @'],
    ['redis://default:hun@ter2#q9@host', 'has a #'],
    ['redis://default:hun@ter2/q9@host', 'not a database number'],
    ['redis://default:hun\nter2@host', 'a space or a line break'],
    ['redis://default:hunter2%@host', 'not percent-encoded'],
    ['redis://default:hunter2@host:0', 'has port 0'],
    ['redis://default:hunter2@host:99999', 'is not a URL'],
    ['redis://default:hunter2@host/cache', 'not a database number'],
    ['redis://default:hunter2@host?hunter2=1', 'a parameter other than'],
    ['redis://default:hunter2@host?cluster=hunter2', 'other than true or false'],
    ['redis://default:hunter2@host/3?cluster=true', 'names a database in a cluster'],
    ['redis://default:hunter2@host?replica=hunter2', 'not host:port'],
    ['redis://default:hunter2@host?replica=user:hunter2@other:1', 'not host:port'],
    ['redis://default:hunter2@host?replica=other:70000', 'not host:port'],
  ])('is refused without repeating any of it: %p', (value, problem) => {
    let message = '';
    try {
      parseConnectionString(value);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidConnectionString);
      message = inspect(error, { depth: 10 });
    }
    expect(message).toContain(problem);
    expect(message).not.toMatch(/hunter2|ter2/);
  });
});

describe('connection options', () => {
  it('bound every wait, and save round trips at the start', () => {
    const options = redisOptions(parseConnectionString('redis://default:secret@host:1/3'));
    expect(options).toMatchObject({
      host: 'host',
      port: 1,
      db: 3,
      username: 'default',
      password: 'secret',
      commandTimeout: 200,
      socketTimeout: 250,
      connectTimeout: 500,
      maxRetriesPerRequest: 1,
      enableReadyCheck: false,
      disableClientInfo: true,
    });
    expect(options.tls).toBeUndefined();
    expect(options.enableOfflineQueue).not.toBe(false);
    expect(options.retryStrategy?.(1)).toBe(0);
  });

  it('verify the server’s certificate by the name in the connection string', () => {
    expect(redisOptions(parseConnectionString('rediss://host.example')).tls).toEqual({
      servername: 'host.example',
    });
    expect(redisOptions(parseConnectionString('rediss://10.0.0.1')).tls).toEqual({});
    expect(redisOptions(parseConnectionString('rediss://[::1]'))).toMatchObject({ host: '::1', tls: {} });
  });

  it('of a cluster bound every node the same way', () => {
    const { nodes, options } = clusterOptions(parseConnectionString('rediss://u:p@host:7?cluster=true'));
    expect(nodes).toEqual([{ host: 'host', port: 7 }]);
    expect(options.redisOptions).toMatchObject({
      username: 'u',
      password: 'p',
      tls: { servername: 'host' },
      commandTimeout: 200,
      socketTimeout: 250,
      connectTimeout: 500,
      disableClientInfo: true,
    });
  });

  it('try again at once, then ever later, up to two seconds and never all together', () => {
    const delays = (random: number): number[] =>
      Array.from({ length: 12 }, (_, index) => retryDelay(index + 1, () => random));
    expect(delays(1)).toEqual([0, 50, 100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000, 2000]);
    expect(delays(0)).toEqual([0, 25, 50, 100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000]);
  });
});

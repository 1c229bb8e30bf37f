import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RedisUnavailable } from '../../lambda/redis/failures';
import { connectionStringOf, secretSource } from '../../lambda/redis/secret';

describe('the connection string in a secret', () => {
  it('is the value itself, or a member of a JSON document', () => {
    expect(connectionStringOf(' redis://host \n')).toBe('redis://host');
    expect(connectionStringOf('{"connectionString":"redis://host","user":"x"}')).toBe('redis://host');
  });

  it.each([
    undefined,
    '',
    '  ',
    '{',
    '{"connectionString":""}',
    '{"connectionString":1}',
    '{"password":"hunter2"}',
  ])('is missed without repeating the value: %p', (value) => {
    let shown = '';
    try {
      connectionStringOf(value);
    } catch (error) {
      expect(error).toBeInstanceOf(RedisUnavailable);
      shown = `${String(error)} ${String((error as Error).cause)}`;
    }
    expect(shown).toContain('secret');
    expect(shown).not.toContain('hunter2');
  });

  it('is read once and kept, and anew only when asked for', async () => {
    let reads = 0;
    const source = secretSource('arn', {
      read: (id) => {
        reads += 1;
        return Promise.resolve(`redis://${id}-${reads}`);
      },
    });
    expect(await Promise.all([source.current(), source.current()])).toEqual([
      'redis://arn-1',
      'redis://arn-1',
    ]);
    expect(await source.current()).toBe('redis://arn-1');
    expect(await Promise.all([source.refresh(), source.refresh()])).toEqual([
      'redis://arn-2',
      'redis://arn-2',
    ]);
    expect(await source.current()).toBe('redis://arn-2');
    expect(reads).toBe(2);
  });

  it('is asked for again after a failure, which says nothing of the service’s answer', async () => {
    let fails = true;
    const source = secretSource('arn', {
      read: () => (fails ? Promise.reject(new Error('denied for hunter2')) : Promise.resolve('redis://host')),
    });
    await expect(source.current()).rejects.toThrow('Redis is unavailable (secret)');
    fails = false;
    expect(await source.current()).toBe('redis://host');
  });

  it('is asked for again after an answer that stopped half-way', async () => {
    const body = JSON.stringify({ SecretString: 'redis://host' });
    let stops = true;
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, {
        'content-type': 'application/x-amz-json-1.1',
        'content-length': body.length,
      });
      if (stops) response.write(body.slice(0, 5));
      else response.end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const saved = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    try {
      const source = secretSource('arn');
      await expect(source.current()).rejects.toThrow('Redis is unavailable (secret)');
      stops = false;
      expect(await source.current()).toBe('redis://host');
    } finally {
      process.env = saved;
      server.closeAllConnections();
      server.close();
    }
  });
});

import { redisEndpoint } from '../../../lib/config/redis-endpoint';

describe('what the stacks learn from a connection string', () => {
  it.each([
    ['redis://h', { tls: false, ports: [6379] }],
    ['rediss://u:p@h:12345', { tls: true, ports: [12345] }],
    ['rediss://u:p@h:12345/2?cluster=false&replica=r:12346', { tls: true, ports: [12345, 12346] }],
    ['rediss://h:12345?replica=r:12345', { tls: true, ports: [12345] }],
    ['rediss://h:12345?cluster=true', { tls: true, ports: [12345] }],
  ])('%s: TLS and ports, and nothing else', (text, expected) => {
    expect(redisEndpoint(text, 'dev')).toEqual({
      ...expected,
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  it('another id for another database, and the same for another login', () => {
    const id = (text: string): string => redisEndpoint(text, 'dev').id;
    const known = id('rediss://user:password@h:12345?replica=r:12346');
    expect(id('rediss://other:changed@h:12345?replica=r:12346')).toBe(known);
    expect(id('REDISS://h:12345/0?replica=r:12346')).toBe(known);
    for (const moved of [
      'rediss://h:12345',
      'rediss://i:12345?replica=r:12346',
      'redis://h:12345?replica=r:12346',
    ]) {
      expect(id(moved)).not.toBe(known);
    }
  });
});

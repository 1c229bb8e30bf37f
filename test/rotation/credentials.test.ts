import { credentialsOf, newPassword, serversOf, withCredentials } from '../../lambda/rotation/credentials';

describe('new credentials in a connection string', () => {
  it('change user and password and not a letter more', () => {
    expect(
      withCredentials('rediss://default:old@Redis-1.example.com:12345/0?cluster=true', 'codes-b', 'n_w-1'),
    ).toBe('rediss://codes-b:n_w-1@Redis-1.example.com:12345/0?cluster=true');
    expect(withCredentials('redis://:old@127.0.0.1:6379', 'default', 'new')).toBe(
      'redis://default:new@127.0.0.1:6379',
    );
    expect(withCredentials('redis://h:1?replica=r:2', 'u', 'p')).toBe('redis://u:p@h:1?replica=r:2');
  });

  it('leave nothing of an old password with an @ or $& in it', () => {
    expect(withCredentials('redis://u:a%40b$&c@h:1', 'u', '$&')).toBe('redis://u:%24%26@h:1');
  });

  it('keep a JSON secret JSON, with all its members', () => {
    const value = JSON.stringify({ connectionString: 'redis://u:old@h:1', owner: 'team' });
    expect(JSON.parse(withCredentials(value, 'u', 'new'))).toEqual({
      connectionString: 'redis://u:new@h:1',
      owner: 'team',
    });
  });

  it('are refused for what is no connection string, without repeating it', () => {
    for (const value of ['hunter2', 'redis://u:hun@ter2@h:1']) {
      expect(() => withCredentials(value, 'u', 'p')).toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/hunter2|ter2/) }),
      );
    }
  });

  it('read back as they were meant', () => {
    const password = newPassword();
    expect(credentialsOf(withCredentials('redis://h:1', 'a b', password))).toEqual({
      username: 'a b',
      password,
    });
    expect(credentialsOf('redis://:p%2Fw@h:1')).toEqual({ username: 'default', password: 'p/w' });
  });

  it('have passwords of 32 random bytes in URL-safe characters', () => {
    const passwords = Array.from({ length: 50 }, newPassword);
    expect(new Set(passwords).size).toBe(50);
    for (const password of passwords) expect(password).toMatch(/^[\w-]{43}$/);
  });

  it('go to the replica too, which keeps users of its own', () => {
    expect(serversOf('rediss://u:p@h:1/0?replica=r:2')).toEqual([
      'rediss://u:p@h:1/0?replica=r:2',
      'rediss://u:p@r:2',
    ]);
    expect(serversOf('redis://:p@h:1/3?replica=[::2]:2')[1]).toBe('redis://:p@[::2]:2/3');
    expect(serversOf('redis://h:1')).toEqual(['redis://h:1']);
  });
});

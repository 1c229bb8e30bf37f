import { errorFields, jsonLog } from '../../lambda/telemetry/logger';

function written(work: () => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const take = (chunk: unknown): boolean => {
    lines.push(...String(chunk).split('\n').filter(Boolean));
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(take),
    jest.spyOn(process.stderr, 'write').mockImplementation(take),
  ];
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return lines.map((line) => JSON.parse(line));
}

describe('the log', () => {
  it('is one JSON line per message, with the function’s name', () => {
    const [line, ...more] = written(() =>
      jsonLog('lookup').write('info', 'served', { requestId: 'r', latencyMs: 2 }),
    );
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'served',
      service: 'lookup',
      requestId: 'r',
      latencyMs: 2,
    });
    expect(more).toEqual([]);
  });

  it('leaves out what is below its level', () => {
    const log = jsonLog('lookup', 'warn');
    expect(
      written(() => {
        log.write('info', 'quiet');
        log.write('error', 'loud');
      }).map(({ message }) => message),
    ).toEqual(['loud']);
  });

  it('shows no password, token or body, under whatever name and wherever in a text', () => {
    const lines = written(() =>
      jsonLog('lookup').write('error', 'failed at redis://default:hunter2@host:6379', {
        password: 'hunter2',
        redisPassword: 'hunter2',
        authorization: 'Bearer hunter2',
        nested: { connectionString: 'redis://default:hunter2@host', accessToken: 'hunter2', body: 'hunter2' },
        url: 'rediss://default:hun/ter2@host/0',
        error: errorFields(
          new Error('no way to redis://default:hunter2@host', { cause: new Error('rediss://u:hunter2@h') }),
        ),
      }),
    );
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toMatch(/hunter2|ter2/);
    expect(lines[0]!.message).toBe('failed at redis://[hidden]@host:6379');
  });

  it('tells of an error what it is, and nothing of its other members', () => {
    const error = Object.assign(new Error('refused'), {
      code: 'ECONNREFUSED',
      command: { args: ['hunter2'] },
    });
    const fields = errorFields(error);
    expect(fields).toMatchObject({ name: 'Error', message: 'refused', code: 'ECONNREFUSED' });
    expect(JSON.stringify(fields)).not.toContain('hunter2');
    expect(errorFields('odd')).toMatchObject({ message: 'odd' });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually } from '../support/eventually';

const PROCESSES = 4;
const READERS = 200;

describe('many processes that miss one key at once', () => {
  let server: RedisServer;
  let admin: Redis;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startRedisServer();
    admin = new Redis(server.connectionString);
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    admin.disconnect();
    await server.stop();
  });

  it('cost one read of the catalog: 200 readers in each of 4 processes', async () => {
    const outputs: string[] = [];
    for (let index = 0; index < PROCESSES; index += 1) {
      const child = spawn(
        process.execPath,
        [
          '--import',
          require.resolve('tsx'),
          join(__dirname, 'stampede-process.ts'),
          server.connectionString,
          String(READERS),
        ],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      children.push(child);
      outputs[index] = '';
      child.stdout.on('data', (chunk: Buffer) => (outputs[index] = `${outputs[index]}${chunk.toString()}`));
    }
    await eventually(() => outputs.every((output) => output.includes('ready')), 'all processes ready');
    const ends = children.map((child) => once(child, 'close'));
    for (const child of children) child.stdin?.write('go\n');
    await Promise.all(ends);
    expect(outputs.map((output) => output.trim().split('\n').at(-1))).toEqual(
      children.map(() => `answered ${READERS}`),
    );
    expect(await admin.get('test:loads')).toBe('1');
    expect(await admin.ttl('icd10:Z00.00')).toBeGreaterThan(3_000);
  });
});

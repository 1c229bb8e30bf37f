import Redis from 'ioredis';
import { FileStore } from '../../lambda/store/file-store';
import { rollUp } from '../../lambda/hot-codes/roll-up';

/**
 * One roll-up in a process of its own. Between every two calls to Redis or the store it passes a gate; at gate
 * number KILL_AT it dies as a machine dies, without a word. Prints the number of gates it passed.
 */
const { REDIS_URL = '', STORE_DIR = '', KILL_AT = '0' } = process.env;
let gates = 0;

function gate(): void {
  gates += 1;
  if (gates === Number(KILL_AT)) process.kill(process.pid, 'SIGKILL');
}

function isMethod(member: unknown): member is (...args: unknown[]) => unknown {
  return typeof member === 'function';
}

/** The same object, with a gate before and after each call. */
function gated<T extends object>(target: T): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name);
      if (!isMethod(member)) return member;
      return async (...args: unknown[]): Promise<unknown> => {
        gate();
        const result: unknown = await Reflect.apply(member, object, args);
        gate();
        return result;
      };
    },
  });
}

async function main(): Promise<void> {
  const redis = new Redis(REDIS_URL);
  await rollUp(
    {
      redis: gated(redis),
      store: gated(new FileStore(STORE_DIR)),
      release: () => Promise.resolve('r1'),
      describe: (members) =>
        Promise.resolve(new Map(members.map((member) => [member, { shortDescription: `about ${member}` }]))),
      refresh: async (document) => {
        gate();
        await redis.set('hot:codes:demo', JSON.stringify(document.codes));
        gate();
      },
      now: () => new Date('2026-01-01T00:00:00Z'),
    },
    'demo',
  );
  process.stdout.write(String(gates));
  redis.disconnect();
}

void main();

import { randomInt } from 'node:crypto';
import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually } from '../support/eventually';
import { randomlyFlippedBits } from '../support/flipped-bits';
import { FIRST_RELEASE, SmallCatalog } from '../support/small-catalog';
import { TcpProxy } from '../support/tcp-proxy';
import { Seeded } from '../sequences/seeded';
import { RunningService } from './running-service';

/** `FLIPS_SEED=…` takes the same questions and damage again, as far as the order of replies allows. */
const seed = Number(process.env.FLIPS_SEED ?? randomInt(2 ** 31));
const lookups = Number(process.env.FLIPS_LOOKUPS ?? 2_000);
/** One byte in so many is damaged; half of all lookups then do without Redis. */
const every = Number(process.env.FLIPS_EVERY ?? 400);

/** Damaged replies leave commands waiting; a lookup that gives up on Redis sooner is as right. Milliseconds. */
const HASTY = { command: 40, socket: 50, connect: 500, source: 1_000, renewal: 100 };

const CODES = ['Z00', 'Z00.00', 'Z00.01', 'U07.1', 'Z99.9'];
const GETS = [
  ...CODES.map((code) => `/v1/icd10/${code}`),
  '/v1/cpt/99213',
  '/v1/hcpcs/G0438',
  '/v1/icd10/categories/Z00',
  '/v1/icd10/categories/Q99',
  '/v1/cpt/categories/evaluation-and-management',
  '/v1/teams/demo/hot-codes',
  '/v1/teams/new/hot-codes',
  '/v1/crosswalk/Z00.00',
  '/v1/crosswalk/U07.1',
  '/v1/crosswalk/Z00.00/99213',
];
const QUESTIONS = ['batch', ...GETS];
const BATCH = [...CODES.map((code) => ({ type: 'icd10', code })), { type: 'cpt', code: '99213' }];

let server: RedisServer;
let redis: Redis;
let proxy: TcpProxy;
let catalog: SmallCatalog;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.connectionString);
  proxy = await TcpProxy.to(server.port);
  catalog = await SmallCatalog.of(FIRST_RELEASE);
  await catalog.putHotCodes({
    teamId: 'demo',
    generatedAt: '2026-11-01T06:00:00.000Z',
    codes: [{ rank: 1, type: 'cpt', code: '99213', shortDescription: 'SAMPLE visit', uses: 12 }],
  });
});

afterAll(async () => {
  redis.disconnect();
  await proxy.close();
  await server.stop();
  catalog.remove();
});

/** Asks one of all questions. */
async function ask(service: RunningService, question: string): Promise<Response> {
  return question === 'batch' ? service.batch(BATCH) : service.get(question, { 'x-team-id': 'demo' });
}

/** What an answer says, but for what differs from request to request. */
async function contentOf(answer: Response): Promise<{ status: number; body: unknown }> {
  const { requestId: _, ...body } = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, body };
}

it(`answers rightly, whatever bits of Redis' replies are flipped (FLIPS_SEED=${seed})`, async () => {
  const seeded = new Seeded(seed);
  const random = (): number => seeded.next();
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  const sound = new RunningService(catalog.store, undefined);
  const damaged = [1, 2].map(
    () => new RunningService(catalog.store, proxy.connectionString, { clock, timeouts: HASTY }),
  );
  const right = new Map<string, unknown>();
  for (const question of QUESTIONS) right.set(question, await contentOf(await ask(sound, question)));

  proxy.alter = randomlyFlippedBits(random, every);
  const outcomes = new Set<string | null>();
  const one = async (): Promise<void> => {
    const question = QUESTIONS[Math.floor(random() * QUESTIONS.length)]!;
    const answer = await ask(damaged[random() < 0.5 ? 0 : 1]!, question);
    outcomes.add(answer.headers.get('x-cache'));
    expect({ question, ...(await contentOf(answer)) }).toEqual({
      question,
      ...(right.get(question) as object),
    });
  };
  for (let asked = 0; asked < lookups;) {
    const together = random() < 0.3 ? 8 : 1;
    asked += together;
    // Mostly the release is due; now and then what memory holds has expired.
    ahead += Math.floor(random() * 30_000);
    if (random() < 0.3) await redis.flushall();
    await Promise.all(Array.from({ length: together }, one));
  }
  // Redis took part, and was left out.
  expect([...outcomes]).toEqual(expect.arrayContaining(['redis', 'miss', 'bypass']));

  proxy.alter = (reply) => reply;
  await eventually(async () => {
    ahead += 10_000;
    await redis.flushall();
    return (await ask(damaged[0]!, '/v1/icd10/Z00')).headers.get('x-cache') === 'miss';
  }, 'a lookup through Redis, once its replies are whole again');
  await Promise.all([sound, ...damaged].map((each) => each.close()));
});

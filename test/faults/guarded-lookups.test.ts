import { openStore } from '../../lambda/store/open-store';
import { STORE_GUARD } from '../../lambda/store/guarded-store';
import { HandClock } from '../cache/support';
import { RunningService } from '../lookup/running-service';
import { eventually } from '../support/eventually';
import { S3Server } from '../support/s3/server';
import { SmallCatalog } from '../support/small-catalog';

/** Codes of other objects of the store than Z00's. */
const ELSEWHERE = ['icd10/U07.1', 'cpt/99213', 'hcpcs/G0438'] as const;
const saved = { ...process.env };

let s3: S3Server;
let catalog: SmallCatalog;
let service: RunningService;
let clock: HandClock;

beforeEach(async () => {
  [s3, catalog] = await Promise.all([S3Server.start(), SmallCatalog.of()]);
  for await (const { key } of catalog.store.list('')) {
    s3.bucket.objects.set(key, Buffer.from((await catalog.store.get(key)) ?? ''));
  }
  Object.assign(process.env, s3.variables);
  clock = new HandClock(Date.now());
  service = new RunningService(openStore(s3.url), undefined, { clock });
});
afterEach(async () => {
  process.env = { ...saved };
  await service.close();
  await s3.stop();
  catalog.remove();
});

const statusOf = async (path: string): Promise<number> => (await service.get(`/v1/${path}`)).status;

test('lookups leave a store alone that has refused, find it well again, and health asks it all the while', async () => {
  // The release is known from here on, so that only the guard keeps lookups from the store.
  expect(await statusOf('icd10/Z00')).toBe(200);
  s3.fault = () => 500;
  expect(await statusOf(ELSEWHERE[0])).toBe(503);
  const asked = s3.requests.length;
  for (const path of ELSEWHERE) expect(await statusOf(path)).toBe(503);
  expect(s3.requests).toHaveLength(asked);

  s3.fault = () => undefined;
  expect(await statusOf(ELSEWHERE[0])).toBe(503);
  expect(await (await service.get('/v1/health')).json()).toEqual({ status: 'ok' });
  await eventually(async () => {
    clock.time += STORE_GUARD.firstPause;
    return (await statusOf(ELSEWHERE[0])) === 200;
  }, 'a lookup answered from the store');
});

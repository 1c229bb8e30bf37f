import { STORE_GUARD } from '../../lambda/store/guarded-store';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { CASES, FaultyWorld } from './source-faults';

let world: FaultyWorld;
beforeAll(async () => (world = await FaultyWorld.open()));
afterAll(() => world.close());

const LIMITS = { timeouts: PATIENT_TIMEOUTS, storePatience: STORE_GUARD.patience };

describe('a lookup while the store has faults', () => {
  test.each(CASES.filter(({ place }) => place !== 'nowhere'))(
    'is answered rightly from $place: $name, release key $releaseKey',
    async (faulty) => {
      for (const { verdict } of await world.run(faulty, 3, LIMITS)) expect(verdict).toBe('right');
    },
  );

  test.each(CASES.filter(({ place }) => place === 'nowhere'))(
    'is 503 where nothing holds the value: $name, release key $releaseKey',
    async (faulty) => {
      for (const { verdict } of await world.run(faulty, 3, LIMITS)) expect(verdict).toBe('503');
    },
  );
});

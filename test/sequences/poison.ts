import type { Redis } from 'ioredis';
import { keys } from '../../lambda/names/keys';
import type { Seeded } from './seeded';

/** Longer than any frame. */
const TOO_LONG = 5_000_000;

const RELEASE_KEYS: readonly string[] = [keys.release, keys.told];

/** What nobody who works by the rules writes: does it, and says what it did. */
export async function poison(client: Redis, seeded: Seeded): Promise<string> {
  const found = (await client.keys('*')).filter((key) => !RELEASE_KEYS.includes(key)).sort();
  if (found.length === 0) return 'nothing, for Redis is empty';
  const key = seeded.chance(0.3) ? seeded.pick(RELEASE_KEYS) : seeded.pick(found);
  const lease = keys.lease(seeded.pick(found));
  switch (seeded.between(0, 8)) {
    case 0:
      await client.set(key, 'nonsense');
      return `nonsense at ${key}`;
    case 1:
      await client.set(key, '');
      return `an empty string at ${key}`;
    case 2:
      await client.del(key);
      await client.rpush(key, 'x');
      return `a list at ${key}`;
    case 3: {
      await client.persist(key);
      return `no expiry at ${key}`;
    }
    case 4: {
      const text = await client.getBuffer(key).catch(() => null);
      if (text === null || text.length === 0) return `nothing, for ${key} is no text`;
      const at = seeded.between(0, text.length - 1);
      text[at]! ^= 1 << seeded.between(0, 7);
      await client.set(key, text, 'KEEPTTL');
      return `a flipped bit at ${key}`;
    }
    case 5:
      await client.setrange(seeded.pick(found), TOO_LONG, 'x');
      return 'a value too long to be one';
    case 6:
      await client.del(lease);
      await client.set(lease, 'nobody');
      return `a lease without end, ${lease}`;
    default:
      return swap(client, found, seeded);
  }
}

/** Values of other keys of their family, many at once. */
async function swap(client: Redis, found: readonly string[], seeded: Seeded): Promise<string> {
  const family = seeded.pick(['icd10:', 'icd10:category:', 'crosswalk:', 'hot:codes:', '']);
  const members = found.filter((key) => key.startsWith(family) && !key.includes('lease'));
  if (members.length < 2) return `nothing, for there are no two keys ${family}`;
  for (let count = 0; count < 20; count += 1) {
    const from = seeded.pick(members);
    // Redis refuses to copy a key onto itself.
    const onto = seeded.pick(members.filter((key) => key !== from));
    await client.copy(from, onto, 'REPLACE');
  }
  return `values of others at 20 keys ${family}`;
}

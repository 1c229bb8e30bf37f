import { Redis } from 'ioredis';
import * as z from 'zod/mini';
import type { Contestant } from './contestant';
import { keys } from '../../lambda/names/keys';

const describedSchema = z.object({ description: z.string() });

/**
 * What one writes by hand: ioredis with its default options over plain JSON.
 * @param read what is made of a value's text
 */
export function plainRedis(connectionString: string, read: (text: string) => unknown): Contestant {
  const redis = new Redis(connectionString);
  const answered = (text: string | null): boolean => text !== null && read(text) !== undefined;
  return {
    one: async (code) => answered(await redis.get(keys.code('icd10', code))),
    many: async (codes) =>
      (await redis.mget(codes.map((code) => keys.code('icd10', code)))).map(answered).every(Boolean),
    description: async (code) => {
      const text = await redis.get(keys.code('icd10', code));
      return text === null ? undefined : describedSchema.parse(JSON.parse(text)).description;
    },
  };
}

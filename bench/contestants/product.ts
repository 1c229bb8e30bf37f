import { expectedOutcome, ProductCache } from '../product';
import { serve } from './serve';

/** The product's own read path. */
serve(({ connectionString, memory }) => {
  const cache = new ProductCache(connectionString, memory);
  const expected = expectedOutcome(memory);
  return {
    one: async (code) => (await cache.get(code)).outcome === expected,
    many: async (codes) => (await cache.getMany(codes)).every(({ outcome }) => outcome === expected),
    description: async (code) => (await cache.get(code)).value?.description,
  };
});

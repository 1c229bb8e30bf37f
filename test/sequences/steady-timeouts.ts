import type { Timeouts } from '../../lambda/redis/options';

/**
 * Milliseconds of a connection that must notice a server that is gone, and must not take a busy machine for one. No
 * answer's rightness depends on them.
 */
export const STEADY_TIMEOUTS: Timeouts = {
  command: 2_000,
  socket: 2_500,
  connect: 2_000,
  source: 2_000,
  renewal: 2_000,
};

import type { Timeouts } from '../../lambda/redis/options';

/**
 * Milliseconds of a connection whose limits a test does not mean: they end a test that hangs, and never judge how busy
 * the machine is. A test that means the product's limits says so, with `TIMEOUTS`.
 */
export const PATIENT_TIMEOUTS: Timeouts = {
  command: 60_000,
  socket: 60_000,
  connect: 60_000,
  source: 60_000,
  renewal: 60_000,
};

/** The same of reads of the store. */
export const PATIENT_STORE = 60_000;

/** Hands events to a bundled handler, in a process whose clock is the test's: see ProcessClock. */
import { createRequire } from 'node:module';
import { Socket } from 'node:net';

const [bundle, events, clock] = process.argv.slice(2);
const { patience, atOnce, betweenEvents } = JSON.parse(clock);

const NEVER = 2 ** 31 - 1;
const lasting = (milliseconds = 0) => {
  if (atOnce !== undefined && milliseconds > atOnce.over && milliseconds < atOnce.under) return 0;
  return Math.min(milliseconds * patience, NEVER);
};

const { setTimeout: startTimer } = globalThis;
globalThis.setTimeout = (work, milliseconds, ...args) => startTimer(work, lasting(milliseconds), ...args);
const { setTimeout: startSocketTimer } = Socket.prototype;
Socket.prototype.setTimeout = function (milliseconds, ...args) {
  return startSocketTimer.call(this, lasting(milliseconds), ...args);
};
const { timeout: startSignal } = AbortSignal;
AbortSignal.timeout = (milliseconds) => startSignal.call(AbortSignal, lasting(milliseconds));

let now = Date.now();
if (betweenEvents !== undefined) Date.now = () => now;

const { handler } = createRequire(import.meta.url)(bundle);
for (const event of JSON.parse(events)) {
  try {
    process.stdout.write(`RESULT ${JSON.stringify((await handler(event, {})) ?? null)}\n`);
  } catch (error) {
    process.stdout.write(`THROWN ${error.message}\n`);
  }
  now += betweenEvents ?? 0;
}
process.exit(0);

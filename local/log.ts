import { hideSecrets, type Log } from '../lambda/telemetry/logger';

/** The functions' log for a terminal: JSON lines on standard error, so that standard output stays readable. */
export const terminalLog: Log = {
  write(level, message, fields = {}) {
    process.stderr.write(`${JSON.stringify({ level, message, ...fields }, hideSecrets)}\n`);
  },
};

import { readdirSync, readFileSync } from 'node:fs';

/** Looks at every process's arguments and environment until stopped. Finds nothing where there is no /proc. */
export interface ProcessWatch {
  /** How many processes were looked at. */
  seen(): number;
  /** Names of those that had `secret` in their arguments or environment. */
  stop(): string[];
}

const INTERVAL_MS = 40;

export function watchProcesses(secret: string): ProcessWatch {
  const seen = new Set<string>();
  const told = new Set<string>();
  const look = (): void => {
    for (const pid of processIds()) {
      const command = read(`/proc/${pid}/cmdline`);
      // redis-server was given its password by the test itself.
      if (command === '' || command.includes('redis-server')) continue;
      seen.add(pid);
      if (`${command}\0${read(`/proc/${pid}/environ`)}`.includes(secret)) {
        told.add(command.replaceAll('\0', ' ').replaceAll(secret, '***').slice(0, 200));
      }
    }
  };
  const timer = setInterval(look, INTERVAL_MS);
  return {
    seen: () => seen.size,
    stop: () => {
      clearInterval(timer);
      return [...told];
    },
  };
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended, or is not ours.
    return '';
  }
}

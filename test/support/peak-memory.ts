import { readFileSync } from 'node:fs';

/**
 * The most memory this process has had resident, bytes. Linux counts a process's maxRSS from the moment it was forked,
 * its parent's memory included, so that a child of a large test runner would look as large; VmHWM starts anew with the
 * program. Elsewhere maxRSS has to do.
 */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1_024;
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (peak === undefined) throw new Error('/proc/self/status has no VmHWM');
  return Number(peak) * 1_024;
}

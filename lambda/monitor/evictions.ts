import type { ServerInfo } from '../redis/info';

/**
 * Turns the server's count of evicted keys, which runs from its start, into evictions since the last look.
 * The last count lives in the monitor's own process: the first look of a process only sets the base line and
 * counts 0, so a cold start may hide one minute's evictions and never invents any. After a restart of the
 * server, told by its run id or by a count that went back, its new count is the answer.
 */
export class EvictionCounter {
  #last: { count: number; runId: string | undefined } | undefined;

  /** Keys evicted since the last call; undefined when the server does not tell. */
  since(info: ServerInfo): number | undefined {
    const count = info.evictedKeys;
    if (count === undefined) return undefined;
    const last = this.#last;
    this.#last = { count, runId: info.runId };
    if (last === undefined) return 0;
    const restarted = last.runId !== info.runId || count < last.count;
    return restarted ? count : count - last.count;
  }
}

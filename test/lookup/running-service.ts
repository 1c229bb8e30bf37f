import { createApp } from '../../lambda/api/app';
import { type LookupServiceOptions, openLookupService } from '../../lambda/lookup/open';
import { constantSource } from '../../lambda/redis/source';
import type { ObjectStore } from '../../lambda/store/object-store';
import { noMetrics } from '../../lambda/telemetry/emit';
import { LookupCounters } from '../../lambda/telemetry/lookup';
import { PATIENT_STORE, PATIENT_TIMEOUTS } from '../support/patience';
import type { LogFields } from '../../lambda/telemetry/logger';

export interface LogLine {
  level: string;
  message: string;
  fields: LogFields;
}

/** The API over everything real below it, as one process of its own would have it. */
export class RunningService {
  readonly log: LogLine[] = [];
  readonly #service;
  readonly #app;

  constructor(store: ObjectStore, redis: string | undefined, options: Partial<LookupServiceOptions> = {}) {
    this.#service = openLookupService({
      store,
      redis: redis === undefined ? undefined : constantSource(redis),
      telemetry: new LookupCounters(noMetrics),
      log: { write: (level, message, fields = {}) => this.log.push({ level, message, fields }) },
      countUses: true,
      timeouts: PATIENT_TIMEOUTS,
      storePatience: PATIENT_STORE,
      ...options,
    });
    const { lookups } = this.#service;
    this.#app = createApp({ lookups, health: () => this.#service.health(), served: () => undefined });
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const request = new Request(`http://service${path}`, { headers });
    return this.#app.fetch(request, { requestId: 'req', identity: { kind: 'iam' } });
  }

  async batch(
    codes: readonly object[],
    headers: Record<string, string> = {},
    on?: string,
  ): Promise<Response> {
    const request = new Request('http://service/v1/codes/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ on, codes }),
    });
    return this.#app.fetch(request, { requestId: 'req', identity: { kind: 'iam' } });
  }

  async lookForRelease(): Promise<void> {
    await this.#service.lookForRelease();
  }

  async close(): Promise<void> {
    await this.#service.close();
  }
}

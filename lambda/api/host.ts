import type { Lookups } from '../lookup/lookups';
import type { Outcome } from '../names/outcomes';
import type { Identity } from './identity';

/** What the server around the app knows of one request; passed along with it as the app's environment. */
export interface RequestContext {
  readonly requestId: string;
  readonly identity: Identity;
}

/** One answered request, for logs and metrics. It holds no code, body or credential. */
export interface ServedRequest {
  readonly requestId: string;
  /** The route's pattern, such as `/v1/{type}/{code}`; `none` when no route took the request. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly outcome?: Outcome;
  readonly release?: string;
  readonly latencyMs: number;
  /** What went wrong, when the status is 5xx. */
  readonly error?: unknown;
}

/** What the API needs from the process that runs it. */
export interface ApiHost {
  readonly lookups: Lookups;
  /** `degraded` while the cache or the catalog is out; never throws. */
  health(): Promise<'ok' | 'degraded'>;
  /** Called once per request, after its answer is ready. Must not throw. */
  served(request: ServedRequest): void;
}

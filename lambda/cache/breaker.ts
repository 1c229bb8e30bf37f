/** Milliseconds and counts that decide when Redis is left alone. */
export const BREAKER = {
  /** Failures in a row, at different moments, that open the breaker. One half-open socket is a single one. */
  failures: 3,
  /** First pause before Redis is tried again; doubles after each failed try. */
  firstPause: 500,
  longestPause: 10_000,
  /** A try that never reports back is given up after this long. */
  probeLife: 1_000,
} as const;

type State =
  | { readonly name: 'closed'; readonly failures: number }
  | { readonly name: 'open'; readonly until: number; readonly pause: number }
  | { readonly name: 'probing'; readonly since: number; readonly pause: number };

const CLOSED: State = { name: 'closed', failures: 0 };

/**
 * Decides whether Redis is worth asking. Closed, everything passes; after three failures in a row nothing does for a
 * short pause, then one single call tries, and its result closes the breaker or doubles the pause.
 *
 * Calls that were already under way when a failure became known, tell nothing new when they fail too: sixty-four
 * lookups on one dead socket are one failure.
 */
export class Breaker {
  #state: State = CLOSED;
  #lastFailure = Number.NEGATIVE_INFINITY;

  constructor(private readonly now: () => number) {}

  get state(): State['name'] {
    return this.#state.name;
  }

  /** Whether a call may go out now. While open, the first to ask after the pause gets the one try. */
  allows(): boolean {
    const state = this.#state;
    if (state.name === 'closed') return true;
    const now = this.now();
    const due = state.name === 'open' ? now >= state.until : now - state.since >= BREAKER.probeLife;
    if (due) this.#state = { name: 'probing', since: now, pause: state.pause };
    return due;
  }

  /** @param startedAt when the call that succeeded began, milliseconds since the epoch */
  succeeded(startedAt: number): void {
    const state = this.#state;
    if (state.name === 'closed') {
      if (state.failures > 0 && startedAt > this.#lastFailure) this.#state = CLOSED;
    } else if (state.name === 'open' || startedAt >= state.since) {
      this.#state = CLOSED;
    }
  }

  /** @param startedAt when the call that failed began, milliseconds since the epoch */
  failed(startedAt: number): void {
    const state = this.#state;
    const now = this.now();
    if (state.name === 'probing' && startedAt >= state.since) {
      this.#lastFailure = now;
      this.#open(now, Math.min(state.pause * 2, BREAKER.longestPause));
      return;
    }
    if (state.name !== 'closed' || startedAt <= this.#lastFailure) return;
    this.#lastFailure = now;
    const failures = state.failures + 1;
    if (failures >= BREAKER.failures) this.#open(now, BREAKER.firstPause);
    else this.#state = { name: 'closed', failures };
  }

  #open(now: number, pause: number): void {
    this.#state = { name: 'open', until: now + pause, pause };
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../lambda/names/clock';
import type { ObjectStore } from '../../lambda/store/object-store';
import { RunningService } from '../lookup/running-service';
import { drawQuestion, type Judged, judge, type Question } from './questions';
import type { Source } from './releases';
import type { Seeded } from './seeded';
import { STEADY_TIMEOUTS } from './steady-timeouts';

/** Milliseconds between two questions of one asker, at most. */
const LONGEST_PAUSE = 12;

/** A clock that can be set. */
class SetClock implements Clock {
  /** Milliseconds ahead of the machine's. */
  ahead = 0;
  now(): number {
    return Date.now() + this.ahead;
  }
  async sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds);
  }
}

export interface ReaderHost {
  readonly store: ObjectStore;
  readonly redis: string;
  readonly sources: readonly Source[];
  /** Told of every answer as it comes. */
  answered(reader: Reader, question: Question, judged: Judged, askedAt: number): void;
}

/** One process of the service with a clock of its own, and callers who ask it without end. */
export class Reader {
  readonly clock = new SetClock();
  #service: RunningService;
  #stopped = false;
  readonly #askers: Promise<unknown>[];

  constructor(
    readonly name: string,
    private readonly host: ReaderHost,
    seeded: Seeded,
  ) {
    this.#service = this.#open();
    this.#askers = [seeded.branch(), seeded.branch()].map((chances) => this.#askOn(chances));
  }

  /** A new process takes its place: its memory is empty. */
  async restart(): Promise<void> {
    const former = this.#service;
    this.#service = this.#open();
    await former.close();
  }

  async ask(question: Question): Promise<Judged> {
    const askedAt = performance.now();
    const judged = await judge(question, this.#service, this.host.sources);
    this.host.answered(this, question, judged, askedAt);
    return judged;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#askers);
    await this.#service.close();
  }

  #open(): RunningService {
    const { store, redis } = this.host;
    return new RunningService(store, redis, { clock: this.clock, timeouts: STEADY_TIMEOUTS });
  }

  async #askOn(chances: Seeded): Promise<void> {
    while (!this.#stopped) {
      await this.ask(drawQuestion(chances));
      await sleep(chances.between(1, LONGEST_PAUSE));
    }
  }
}

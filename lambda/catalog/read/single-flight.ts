/** Lets callers who ask for the same thing at one time share one piece of work and its outcome. */
export class SingleFlight<T> {
  readonly #underway = new Map<string, Promise<T>>();

  run(key: string, work: () => Promise<T>): Promise<T> {
    const shared = this.#underway.get(key);
    if (shared !== undefined) return shared;
    const flight = work().finally(() => this.#underway.delete(key));
    this.#underway.set(key, flight);
    return flight;
  }
}

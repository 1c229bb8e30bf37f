/** Cuts a run off at its n-th call to the outside, before the call takes effect or after it. */
export class Faults {
  calls = 0;
  #at = 0;
  #when: 'before' | 'after' = 'before';

  arm(at: number, when: 'before' | 'after'): void {
    this.calls = 0;
    this.#at = at;
    this.#when = when;
  }

  /** The same object, each of its methods counted. */
  around<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]): Promise<unknown> => {
          this.calls += 1;
          const hit = this.calls === this.#at;
          if (hit && this.#when === 'before') throw new Error('cut off before');
          const result: unknown = await Reflect.apply(member, object, args);
          if (hit) throw new Error('cut off after');
          return result;
        };
      },
    });
  }
}

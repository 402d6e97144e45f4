// A log of a run that never grows beyond a limit: an entry every so many steps, half as often whenever it is full. What is
// kept depends on the steps alone, so that a run that is carried out again has the same log.

interface Entry {
  readonly step: number;
}

export class Thinned<E extends Entry> {
  /** Steps between two entries. */
  every: number;
  #entries: E[] = [];
  readonly #limit: number;

  constructor(limit: number, every = 1) {
    this.#limit = limit;
    this.every = every;
  }

  get entries(): readonly E[] {
    return this.#entries;
  }

  /** Whether an entry is due at `step`. */
  isDue(step: number): boolean {
    return step % this.every === 0 && step > (this.#entries.at(-1)?.step ?? -1);
  }

  add(entry: E): void {
    this.#entries.push(entry);
    if (this.#entries.length <= this.#limit) return;
    this.every *= 2;
    this.#entries = this.#entries.filter(({ step }) => step % this.every === 0);
  }

  /** The last entry that is not after `step`. */
  before(step: number): E | undefined {
    return this.#entries.findLast((entry) => entry.step <= step);
  }

  /** A log of its own that has the entries up to `step`. */
  copyUntil(step: number): Thinned<E> {
    const copy = new Thinned<E>(this.#limit, this.every);
    copy.#entries = this.#entries.filter((entry) => entry.step <= step);
    return copy;
  }
}

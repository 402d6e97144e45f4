// Arrays that kernels need while they run: sums of rows, packed panels. Kernels run one after another and use the same.

/** What the kernels of one program need. */
export class Workspace {
  readonly #lengths: number[] = [];
  #taken = 0;
  #choices = 0;
  #mostChoices = 0;

  /** Begins the next kernel. */
  next(): void {
    this.#taken = 0;
    this.#choices = 0;
  }

  /** The variable of an array of at least `length` doubles, with any numbers in it. */
  take(length: number): string {
    const i = this.#taken++;
    this.#lengths[i] = Math.max(length, this.#lengths[i] ?? 0);
    return `work${i}`;
  }

  /** An expression that gives one of two numbers, without a branch to predict. */
  choose(condition: string, yes: string, no: string): string {
    const slot = 2 * this.#choices++;
    this.#mostChoices = Math.max(this.#mostChoices, this.#choices);
    return `(choices[${slot}] = ${no}, choices[${slot + 1}] = ${yes}, choices[${slot} + (${condition} | 0)])`;
  }

  /** Statements that make the arrays. */
  print(): string[] {
    return [
      `const choices = new Float64Array(${2 * this.#mostChoices});`,
      ...this.#lengths.map((length, i) => `const work${i} = new Float64Array(${length});`),
    ];
  }
}

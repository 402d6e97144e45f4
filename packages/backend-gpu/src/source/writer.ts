// Lines of a kernel's source, in nested blocks. Each value gets a name: no formula is long, and no sign meets another.

export class Writer {
  #lines: string[] = [];
  #count = 0;

  line(text: string): void {
    this.#lines.push(text);
  }

  /** A new constant; its name. */
  name(formula: string, prefix = 'v'): string {
    const name = this.fresh(prefix);
    this.line(`const ${name} = ${formula};`);
    return name;
  }

  /** A new variable that begins as `formula`; its name. */
  variable(formula: string, prefix = 't'): string {
    const name = this.fresh(prefix);
    this.line(`let ${name} = ${formula};`);
    return name;
  }

  fresh(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  /** `head { … }` around the lines that `body` writes. */
  block(head: string, body: () => void): void {
    this.line(`${head} {`);
    body();
    this.line('}');
  }

  /** Counts a new name from 0 to below `size`. */
  loop(size: number, body: (counter: string) => void): void {
    const name = this.fresh('k');
    this.block(`for (let ${name} = 0; ${name} < ${size}; ${name}++)`, () => body(name));
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}

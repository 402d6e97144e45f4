// Expressions as lines of a kernel's source.
import { convert, type Expression } from '@neurite/core/program';
import { printIndex } from './affine.ts';
import { infinity, notANumber } from './names.ts';
import { forms, writeCast } from './operations.ts';
import { writeDraw } from './random.ts';
import type { Writer } from './writer.ts';

/** What formulas need to know of the kernel around them. */
export interface Surroundings {
  readonly writer: Writer;
  /** The element of a use at `counters`. */
  element(use: number, counters: readonly string[]): string;
  /** Round keys, which do not depend on counters, by random number. */
  readonly keys: ReadonlyMap<Expression, readonly string[]>;
}

/** The formulas of one kernel at one place of its loops. */
export class Formulas {
  readonly #in: Surroundings;
  readonly #counters: readonly string[];
  readonly #accumulator: string | undefined;
  #names = new Map<Expression, string>();

  constructor(surroundings: Surroundings, counters: readonly string[], accumulator?: string) {
    this.#in = surroundings;
    this.#counters = counters;
    this.#accumulator = accumulator;
  }

  /** The name of `expression`'s value. */
  value(expression: Expression): string {
    const known = this.#names.get(expression);
    if (known) return known;
    const name = this.#write(expression);
    this.#names.set(expression, name);
    return name;
  }

  #write(expression: Expression): string {
    const { writer } = this.#in;
    switch (expression.kind) {
      case 'constant':
        return this.#constant(convert(expression.value, expression.dtype));
      case 'read':
        return writer.name(this.#in.element(expression.use, this.#counters));
      case 'accumulator':
        return this.#accumulator as string;
      case 'coordinate':
        return writer.name(printIndex(expression.index, this.#counters));
      case 'random': {
        const element = writer.name(printIndex(expression.element, this.#counters));
        return writeDraw(writer, this.#in.keys.get(expression) as readonly string[], element);
      }
      case 'within':
        return this.#choice(expression);
      case 'operation':
        return this.#operate(expression);
      default:
        return expression satisfies never;
    }
  }

  #constant(value: number): string {
    if (Number.isNaN(value)) return notANumber;
    if (value === Number.POSITIVE_INFINITY) return infinity;
    return this.#in.writer.name(value === Number.NEGATIVE_INFINITY ? `0 - ${infinity}` : `${value}`, 'c');
  }

  #operate({ operation, operands, dtype }: Expression & { kind: 'operation' }): string {
    const { writer } = this.#in;
    const [a, b, c] = operands.map((operand) => this.value(operand)) as [string, string, string];
    if (operation === 'cast') return writeCast(writer, a, (operands[0] as Expression).dtype, dtype);
    return writer.name(forms[operation](writer, a, b, c));
  }

  #choice({ index, low, high, inside, outside }: Expression & { kind: 'within' }): string {
    const { writer } = this.#in;
    const place = writer.name(printIndex(index, this.#counters));
    const result = writer.variable('0');
    const before = this.#names;
    const branch = (expression: Expression) => (): void => {
      this.#names = new Map(before);
      writer.line(`${result} = ${this.value(expression)};`);
      this.#names = before;
    };
    const bound = low < 0 ? `0 - ${-low}` : `${low}`;
    writer.block(`if (${place} >= ${bound} && ${place} < ${high})`, branch(inside));
    writer.block('else', branch(outside));
    return result;
  }
}

// Expressions as JavaScript: the formulas of one kernel, with names for what is computed once.
import { type Affine, type Expression, type Kernel, operandsOf, type Use } from '@neurite/core/program';
import { type Block, blockOfAxis, counterName } from './block.ts';
import { type Form, formOf, printConversion, printNumber } from './operations.ts';
import { type Place, placeExpressions, type Root } from './placement.ts';
import { overwrites } from './reach.ts';
import type { Workspace } from './workspace.ts';

/** The variable that holds a buffer. */
export const bufferName = (id: number): string => `buffer${id}`;

/** The variable that holds what the kernel's own sum, maximum, product or chosen row came to. */
export const accumulatorName = 'total';

type Of<Kind extends Expression['kind']> = Expression & { readonly kind: Kind };

const isName = (text: string): boolean => /^\w+$/.test(text);

/** The formulas of a kernel, each wanted in a block. Asking for one adds what it needs to the blocks around it. */
export class Formulas {
  readonly #kernel: Kernel;
  readonly #workspace: Workspace;
  readonly #places: ReadonlyMap<Expression, Place>;
  /** Names of values, and of sums of counters by block. */
  readonly #values = new Map<Expression, string>();
  readonly #sums = new Map<Block, Map<string, string>>();
  #count = 0;

  constructor(kernel: Kernel, workspace: Workspace, roots: readonly Root[]) {
    this.#kernel = kernel;
    this.#workspace = workspace;
    this.#places = placeExpressions(roots, kernel.uses, (use) => overwrites(kernel, use));
  }

  /** The value of `expression` as a name or a formula. */
  value(expression: Expression): string {
    const known = this.#values.get(expression);
    if (known) return known;
    const place = this.#placeOf(expression);
    switch (expression.kind) {
      case 'within':
        return this.#choice(expression, place);
      case 'random':
        return this.#keep(expression, this.#draw(expression, place));
      default: {
        const formula = this.#formula(expression, place.block);
        return place.named ? this.#keep(expression, this.name(formula, place.block)) : formula;
      }
    }
  }

  /** A new variable in `block` with the value of `formula`. */
  name(formula: string, block: Block, prefix = 'v'): string {
    const name = `${prefix}${this.#count++}`;
    block.lines.push(`const ${name} = ${formula};`);
    return name;
  }

  /** An element of use `use`. */
  element(use: number, block: Block): string {
    const { buffer, view } = this.#kernel.uses[use] as Use;
    return `${bufferName(buffer)}[${this.index(view, block)}]`;
  }

  /** The value of `view` in `block`; the part of it that stays the same in the innermost loop is computed outside. */
  index({ offset, strides }: Affine, block: Block): string {
    const terms = strides.flatMap((stride, axis) => {
      if (stride === 0) return [];
      const counter = counterName(axis);
      return [{ home: blockOfAxis(block, axis), text: stride === 1 ? counter : `${counter} * ${stride}` }];
    });
    const depth = Math.max(...terms.map(({ home }) => home.depth));
    const inner = terms.filter(({ home }) => home.depth === depth).map(({ text }) => text);
    const outer = terms.filter(({ home }) => home.depth !== depth);
    const constant = offset === 0 && terms.length > 0 ? [] : [`${offset}`];
    if (outer.length === 0) return [...inner, ...constant].join(' + ');
    const home = outer.map((term) => term.home).reduce((a, b) => (a.depth > b.depth ? a : b));
    const base = this.#sum([...outer.map(({ text }) => text), ...constant].join(' + '), home);
    return [base, ...inner].join(' + ');
  }

  /** Statements that compute all outputs of the kernel in `block`, and only then write them. */
  store(block: Block): string {
    const targets = this.#kernel.uses.flatMap(({ access }, use) => (access === 'read' ? [] : [use]));
    const values = this.#kernel.outputs.map((output) => {
      const value = this.value(output);
      return targets.length === 1 || isName(value) ? value : this.name(value, block);
    });
    return targets.map((use, i) => `${this.element(use, block)} = ${values[i]};`).join('\n');
  }

  #placeOf(expression: Expression): Place {
    return this.#places.get(expression) as Place;
  }

  #keep(expression: Expression, name: string): string {
    this.#values.set(expression, name);
    return name;
  }

  #sum(text: string, block: Block): string {
    if (isName(text)) return text;
    const known = this.#sums.get(block) ?? new Map<string, string>();
    this.#sums.set(block, known);
    const name = known.get(text) ?? this.name(text, block, 'at');
    known.set(text, name);
    return name;
  }

  #formula(expression: Exclude<Expression, { kind: 'within' | 'random' }>, block: Block): string {
    switch (expression.kind) {
      case 'constant':
        return printNumber(expression.value, expression.dtype);
      case 'read':
        return this.element(expression.use, block);
      case 'accumulator':
        return accumulatorName;
      case 'coordinate':
        return `(${this.index(expression.index, block)})`;
      case 'operation':
        return this.#operation(expression);
      default:
        return expression satisfies never;
    }
  }

  #operation(expression: Of<'operation'>): string {
    const { operation, operands, dtype } = expression;
    const [first, second, third] = operands as [Expression, Expression, Expression];
    if (operation === 'cast') return printConversion(this.value(first), first.dtype, dtype);
    if (operation === 'select') return this.#select(this.#condition(first), second, third);
    const [a, b = ''] = operands.map((operand) => this.value(operand)) as [string, string?];
    const { print, printSingle, gives, closed } = formOf(operation) as Form;
    const text = printSingle && dtype === 'float32' ? printSingle(a) : print(a, b);
    if (gives === 'condition') return `(${text} | 0)`;
    if (gives === 'choice') return this.#workspace.choose(text, a, b);
    // Floats are rounded when they are stored; integers stay integers of their size.
    return closed || dtype === 'float32' || dtype === 'float64' ? text : printConversion(text, 'any', dtype);
  }

  /** A test of whether `expression` is not 0. */
  #condition(expression: Expression): string {
    if (expression.kind === 'operation' && !this.#placeOf(expression).named) {
      const form = formOf(expression.operation);
      const [a, b = ''] =
        form?.gives === 'condition' ? expression.operands.map((operand) => this.value(operand)) : [];
      if (form && a) return form.print(a, b);
    }
    return `${this.value(expression)} !== 0`;
  }

  /** Where both are cheap, computing both takes less time than predicting wrongly. */
  #select(condition: string, yes: Expression, no: Expression): string {
    const [a, b] = [this.value(yes), this.value(no)];
    return this.#isCostly(yes) || this.#isCostly(no)
      ? `(${condition} ? ${a} : ${b})`
      : this.#workspace.choose(condition, a, b);
  }

  /** Whether computing `expression` on the spot takes long. */
  #isCostly(expression: Expression): boolean {
    if (this.#placeOf(expression).named) return false;
    const costly = expression.kind === 'operation' && formOf(expression.operation)?.costly;
    return costly || operandsOf(expression).some((operand) => this.#isCostly(operand));
  }

  /** Only the branch that is taken is computed: the other may read what is not there. */
  #choice(expression: Of<'within'>, { block, named, inside, outside }: Place): string {
    const index = this.#index(expression.index, block);
    const test = `${index} >= ${expression.low} && ${index} < ${expression.high}`;
    const [yes, no] = [this.value(expression.inside), this.value(expression.outside)];
    if (inside.lines.length + outside.lines.length === 0) {
      const formula = `(${test} ? ${yes} : ${no})`;
      return named ? this.#keep(expression, this.name(formula, block)) : formula;
    }
    const name = `v${this.#count++}`;
    const branch = ({ lines }: Block, value: string): string =>
      `{\n${[...lines, `${name} = ${value};`].join('\n')}\n}`;
    block.lines.push(`let ${name} = 0;\nif (${test}) ${branch(inside, yes)} else ${branch(outside, no)}`);
    return this.#keep(expression, name);
  }

  /** An index that is looked at more than once. */
  #index(index: Affine, block: Block): string {
    const text = this.index(index, block);
    return isName(text) ? text : this.#sum(text, block);
  }

  #draw({ stream, step, element }: Of<'random'>, { block }: Place): string {
    const [high, low] = stream;
    const home = this.#placeOf(step).block;
    const keys = this.name(`roundKeys(${high}, ${low}, ${this.value(step)})`, home, 'keys');
    return this.name(`draw(${keys}, ${this.index(element, block)})`, block);
  }
}

// Formulas as instructions. Every value is a vector: four elements in a row, or one element in all four lanes, so that
// both forms compute the same numbers. Truth values are masks (all bits or none) until somebody wants numbers.
import { convert, type Expression, operandsOf, visitExpressions } from '@neurite/core/program';
import { Addresses, type Surroundings as Places, type Width } from './addresses.ts';
import type { Local } from './code.ts';
import type { Functions } from './functions.ts';
import { Level, levelsOf } from './levels.ts';
import { comparisons, writeCast, writeOperation } from './operations.ts';
import { writeDraw, writeRoundKeys } from './random.ts';
import { splat, splatInteger } from './vectors.ts';

/** What formulas need to know of the kernel around them. */
export interface Surroundings extends Places {
  readonly functions: Functions;
  /** Pushes the accumulator at the current element; `width` elements of it. */
  readonly accumulator?: (width: Width) => void;
}

const isMask = (expression: Expression): boolean =>
  expression.kind === 'operation' && comparisons.has(expression.operation);

export class Formulas {
  readonly #in: Surroundings;
  readonly #addresses: Addresses;
  readonly #roots: readonly Expression[];
  readonly #levels: ReadonlyMap<Expression, Level>;
  readonly #times = new Map<Expression, number>();
  /** Values that have been computed outside the loop that is being written. */
  readonly #hoisted = new Map<Expression, Local>();
  readonly #keys = new Map<Expression, readonly Local[]>();
  /** Values that have been computed at the current element. */
  #known = new Map<Expression, Local>();
  #width: Width = 1;

  constructor(surroundings: Surroundings, roots: readonly Expression[]) {
    this.#in = surroundings;
    this.#addresses = new Addresses(surroundings);
    this.#roots = roots;
    this.#levels = levelsOf(roots, surroundings.uses, this.#addresses);
    for (const expression of this.#levels.keys())
      for (const operand of operandsOf(expression)) this.#count(operand);
    for (const root of roots) this.#count(root);
  }

  /** Whether each element must be looked at by itself. */
  get choosesByElement(): boolean {
    return [...this.#levels.keys()].some(({ kind }) => kind === 'within');
  }

  /** Whether four neighbours of a use lie next to each other. */
  isContiguous(use: number): boolean {
    return this.#addresses.isContiguous(use);
  }

  /** Before all loops: what is the same everywhere. */
  writePrologue(): void {
    for (const expression of this.#levels.keys()) {
      if (expression.kind === 'random') this.#writeKeys(expression);
    }
    this.#hoist(Level.Kernel);
  }

  /** At the start of a row: addresses, and what is the same along it. */
  writeRow(): void {
    this.#addresses.writeRow();
    this.#hoist(Level.Row);
  }

  /** Evaluates all roots at the current element(s) and then writes each to its use. */
  writeElements(width: Width, targets: readonly number[]): void {
    const { code } = this.#in;
    this.#begin(width);
    const values = this.#roots.map((root, i) => {
      const isByte = this.#in.dtype(targets[i] as number) === 'uint8';
      if (isByte) this.#pushNumber(root);
      else this.#push(root);
      const local = code.local('v128');
      code.set(local);
      return local;
    });
    values.forEach((value, i) => {
      this.#addresses.store(targets[i] as number, value, width);
    });
    code.free(...values);
    this.#end();
  }

  /** Pushes one root at the current element(s): floats, or whole numbers. */
  pushRoot(root: Expression, width: Width): void {
    this.#begin(width);
    this.#pushNumber(root);
    this.#end();
  }

  /** Pushes `width` elements of a use at the current element. */
  pushRead(use: number, width: Width): void {
    this.#addresses.pushElements(use, width);
  }

  #begin(width: Width): void {
    this.#width = width;
    this.#known = new Map();
  }

  #end(): void {
    this.#in.code.free(...this.#known.values());
    this.#known = new Map();
  }

  #count(expression: Expression): void {
    this.#times.set(expression, (this.#times.get(expression) ?? 0) + 1);
  }

  /** Computes what belongs to `level` and is wanted further in. */
  #hoist(level: Level): void {
    const wanted = new Set<Expression>();
    visitExpressions(this.#roots, (expression) => {
      if (this.#levels.get(expression) === Level.Kernel) return;
      for (const operand of operandsOf(expression)) wanted.add(operand);
    });
    for (const root of this.#roots) wanted.add(root);
    this.#begin(1);
    for (const expression of wanted) {
      if (this.#levels.get(expression) !== level) continue;
      const local = this.#hoisted.get(expression) ?? this.#in.code.local('v128');
      this.#push(expression, true);
      this.#in.code.set(local);
      this.#hoisted.set(expression, local);
    }
    this.#end();
  }

  #push(expression: Expression, fresh = false): void {
    const { code } = this.#in;
    const local = this.#known.get(expression) ?? (fresh ? undefined : this.#hoisted.get(expression));
    if (local) {
      code.get(local);
      return;
    }
    this.#write(expression);
    if ((this.#times.get(expression) ?? 0) < 2 || expression.kind === 'constant') return;
    const shared = code.local('v128');
    this.#known.set(expression, shared);
    code.tee(shared);
  }

  /** Pushes a value whose truth, if it is one, is 1 or 0. */
  #pushNumber(expression: Expression): void {
    this.#push(expression);
    if (isMask(expression)) this.#in.code.op('i32x4.neg');
  }

  #write(expression: Expression): void {
    const { code, accumulator } = this.#in;
    switch (expression.kind) {
      case 'constant':
        if (expression.dtype === 'float32') splat(code, expression.value);
        else splatInteger(code, convert(expression.value, expression.dtype));
        return;
      case 'read':
        this.#addresses.pushElements(expression.use, this.#width);
        return;
      case 'accumulator':
        accumulator?.(this.#width);
        return;
      case 'coordinate':
        this.#addresses.pushIndices(expression.index, this.#width);
        return;
      case 'random':
        this.#addresses.pushIndices(expression.element, this.#width);
        writeDraw(code, this.#keys.get(expression) as readonly Local[]);
        return;
      case 'within':
        this.#writeChoice(expression);
        return;
      case 'operation':
        this.#operate(expression);
        return;
      default:
        expression satisfies never;
    }
  }

  #operate({ operation, operands, dtype }: Expression & { kind: 'operation' }): void {
    const { code, functions } = this.#in;
    const [first, second, third] = operands as [Expression, Expression, Expression];
    if (operation === 'select') {
      // Both branches are computed; neither can fail.
      this.#pushNumber(second);
      this.#pushNumber(third);
      this.#push(first);
      if (!isMask(first)) splatInteger(code, 0).op('i32x4.ne');
      code.op('v128.bitselect');
    } else if (operation === 'cast' && dtype === 'float32' && isMask(first)) {
      this.#push(first);
      splat(code, 1).op('v128.and');
    } else {
      for (const operand of operands) this.#pushNumber(operand);
      if (operation === 'cast') writeCast(code, first.dtype, dtype);
      else writeOperation(code, functions, operation, first.dtype, this.#width);
    }
  }

  #writeChoice(expression: Expression & { kind: 'within' }): void {
    const { code } = this.#in;
    const index = code.local('i32');
    this.#addresses.pushIndex(expression.index);
    code.tee(index).i32(expression.low).op('i32.ge_s');
    code.get(index).i32(expression.high).op('i32.lt_s').op('i32.and');
    code.free(index);
    const before = this.#known;
    code.op('if', 0x7b);
    this.#known = new Map(before);
    this.#pushNumber(expression.inside);
    code.op('else');
    this.#known = new Map(before);
    this.#pushNumber(expression.outside);
    code.op('end');
    this.#known = before;
  }

  #writeKeys(expression: Expression & { kind: 'random' }): void {
    const { code } = this.#in;
    this.#begin(1);
    this.#push(expression.step, true);
    this.#end();
    this.#keys.set(expression, writeRoundKeys(code.op('i32x4.extract_lane', 0), expression.stream));
  }
}

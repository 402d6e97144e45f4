// Formulas as instructions. Every value is a vector: four elements in a row, or one element in all four lanes, so that
// both forms compute the same numbers. Truth values are masks (all bits or none) until somebody wants numbers.
import {
  type Affine,
  convert,
  type DType,
  type Expression,
  generatorTable,
  NeuriteError,
  operandsOf,
  type ScalarOperation,
  type Use,
  visitExpressions,
} from '@neurite/core/program';
import type { Code, Local } from './code.ts';
import type { Functions, VectorFunction } from './functions.ts';
import type { InstructionName } from './instructions.ts';
import { Module } from './module.ts';
import { splat } from './vectors.ts';

/** How far out of the loops a value can be computed: once, once for each row, or at each element. */
const Level = { Kernel: 0, Row: 1, Element: 2 } as const;
type Level = (typeof Level)[keyof typeof Level];

/** What formulas need to know of the kernel around them. */
export interface Surroundings {
  readonly code: Code;
  readonly functions: Functions;
  readonly uses: readonly Use[];
  /** First byte and dtype of the buffer of a use. */
  readonly base: (use: number) => number;
  readonly dtype: (use: number) => DType;
  /** Counters of the loops around a row, outermost first. */
  readonly outer: readonly Local[];
  /** Counts along a row, in steps of 4 for each element. */
  readonly inner: Local | undefined;
  /** Pushes the accumulator at the current element; `width` elements of it. */
  readonly accumulator?: (width: Width) => void;
}

export type Width = 1 | 4;

const floats: Partial<Record<ScalarOperation, InstructionName>> = {
  add: 'f32x4.add',
  sub: 'f32x4.sub',
  mul: 'f32x4.mul',
  div: 'f32x4.div',
  maximum: 'f32x4.max',
  minimum: 'f32x4.min',
  neg: 'f32x4.neg',
  sqrt: 'f32x4.sqrt',
  abs: 'f32x4.abs',
  floor: 'f32x4.floor',
  equal: 'f32x4.eq',
  notEqual: 'f32x4.ne',
  less: 'f32x4.lt',
  lessEqual: 'f32x4.le',
  greater: 'f32x4.gt',
  greaterEqual: 'f32x4.ge',
};

const integers: Partial<Record<ScalarOperation, InstructionName>> = {
  add: 'i32x4.add',
  sub: 'i32x4.sub',
  mul: 'i32x4.mul',
  maximum: 'i32x4.max_s',
  minimum: 'i32x4.min_s',
  neg: 'i32x4.neg',
  abs: 'i32x4.abs',
  equal: 'i32x4.eq',
  notEqual: 'i32x4.ne',
  less: 'i32x4.lt_s',
  lessEqual: 'i32x4.le_s',
  greater: 'i32x4.gt_s',
  greaterEqual: 'i32x4.ge_s',
};

const comparisons: ReadonlySet<string> = new Set([
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
]);

const isMask = (expression: Expression): boolean =>
  expression.kind === 'operation' && comparisons.has(expression.operation);

export class Formulas {
  readonly #in: Surroundings;
  readonly #roots: readonly Expression[];
  readonly #levels = new Map<Expression, Level>();
  readonly #times = new Map<Expression, number>();
  readonly #written: ReadonlySet<number>;
  /** Values and row addresses that have been computed outside the loop that is being written. */
  readonly #hoisted = new Map<Expression, Local>();
  readonly #rows = new Map<string, Local>();
  readonly #keys = new Map<Expression, Local[]>();
  #known = new Map<Expression, Local>();
  #width: Width = 1;

  constructor(surroundings: Surroundings, roots: readonly Expression[]) {
    this.#in = surroundings;
    this.#roots = roots;
    this.#written = new Set(
      surroundings.uses.filter(({ access }) => access !== 'read').map(({ buffer }) => buffer),
    );
    visitExpressions(roots, (expression) => {
      for (const operand of operandsOf(expression)) this.#count(operand);
      this.#levels.set(expression, this.#levelOf(expression));
    });
    for (const root of roots) this.#count(root);
    for (const root of roots) this.#pinChoices(root, false);
  }

  /** Whether each element must be looked at by itself. */
  get choosesByElement(): boolean {
    return [...this.#levels.keys()].some(({ kind }) => kind === 'within');
  }

  /** Whether four neighbours of a use lie next to each other. */
  isContiguous(use: number): boolean {
    return this.#innerStride((this.#in.uses[use] as Use).view) === 1;
  }

  /** Before all loops: what is the same everywhere. */
  writePrologue(): void {
    for (const [expression] of this.#levels) {
      if (expression.kind === 'random') this.#writeKeys(expression);
    }
    this.#hoist(Level.Kernel);
  }

  /** At the start of a row: addresses, and what is the same along it. */
  writeRow(): void {
    const { code, uses } = this.#in;
    uses.forEach(({ view }, use) => {
      const key = this.#rowKey(view, use);
      if (!key) return;
      const local = this.#rows.get(key) ?? code.local('i32');
      this.#rows.set(key, local);
      this.#pushOuter(view, this.#size(use));
      code.set(local);
    });
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
      this.#store(targets[i] as number, value);
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
    this.#width = width;
    this.#read(use);
  }

  /** Pushes the address of the current element of a use; `offset` is to be added by the instruction. */
  pushAddress(use: number): number {
    const { code, inner } = this.#in;
    const { view } = this.#in.uses[use] as Use;
    const size = this.#size(use);
    const row = this.#rows.get(this.#rowKey(view, use));
    const stride = this.#innerStride(view);
    if (row) code.get(row);
    if (inner && stride !== 0) {
      code.get(inner);
      if (size === 1) code.i32(2).op('i32.shr_u');
      if (stride !== 1) code.i32(stride).op('i32.mul');
      if (row) code.op('i32.add');
    } else if (!row) code.i32(0);
    const start = this.#in.base(use) + size * view.offset;
    // An instruction's offset is from 0, and is not added modulo 2³² to what may be below 0.
    if (start >= 0 && view.strides.every((each) => each >= 0)) return start;
    code.i32(start).op('i32.add');
    return 0;
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

  #levelOf(expression: Expression): Level {
    const byView = ({ strides }: Affine): Level => {
      const last = this.#in.inner ? strides.length - 1 : -1;
      if (last >= 0 && strides.length > this.#in.outer.length && strides[last] !== 0) return Level.Element;
      return strides.some((stride) => stride !== 0) ? Level.Row : Level.Kernel;
    };
    const below = operandsOf(expression).map((operand) => this.#levels.get(operand) ?? Level.Kernel);
    switch (expression.kind) {
      case 'read': {
        const use = this.#in.uses[expression.use] as Use;
        const level = byView(use.view);
        // What is read everywhere and written by the same kernel has but one element.
        return level !== Level.Kernel && this.#written.has(use.buffer) ? Level.Element : level;
      }
      case 'coordinate':
        return byView(expression.index);
      case 'accumulator':
      case 'random':
      case 'within':
        return Level.Element;
      default:
        return Math.max(Level.Kernel, ...below) as Level;
    }
  }

  /** What is read in a branch that may not be taken stays there. */
  #pinChoices(expression: Expression, chosen: boolean): void {
    if (chosen && expression.kind !== 'constant') this.#levels.set(expression, Level.Element);
    for (const operand of operandsOf(expression))
      this.#pinChoices(operand, chosen || expression.kind === 'within');
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

  #size(use: number): 1 | 4 {
    return this.#in.dtype(use) === 'uint8' ? 1 : 4;
  }

  #innerStride({ strides }: Affine): number {
    return this.#in.inner && strides.length > this.#in.outer.length ? (strides.at(-1) as number) : 0;
  }

  #rowKey({ strides }: Affine, use: number): string {
    const outer = strides.slice(0, this.#in.outer.length);
    return outer.every((stride) => stride === 0) ? '' : `${this.#size(use)} ${outer}`;
  }

  /** Pushes factor · Σ outer counters · strides. */
  #pushOuter({ strides }: Affine, factor: number): void {
    const { code, outer } = this.#in;
    let terms = 0;
    outer.forEach((counter, axis) => {
      const stride = (strides[axis] as number) * factor;
      if (stride === 0) return;
      code.get(counter).i32(stride).op('i32.mul');
      if (terms++ > 0) code.op('i32.add');
    });
    if (terms === 0) code.i32(0);
  }

  /** Pushes the sum itself, at the first of the current elements. */
  #pushIndex(index: Affine): void {
    const { code, inner } = this.#in;
    this.#pushOuter(index, 1);
    code.i32(index.offset).op('i32.add');
    const stride = this.#innerStride(index);
    if (!inner || stride === 0) return;
    code.get(inner).i32(2).op('i32.shr_u').i32(stride).op('i32.mul').op('i32.add');
  }

  /** Pushes the sum at each of the current elements. */
  #pushIndices(index: Affine): void {
    const { code } = this.#in;
    this.#pushIndex(index);
    code.op('i32x4.splat');
    const stride = this.#innerStride(index);
    if (this.#width === 1 || stride === 0) return;
    code.op(
      'v128.const',
      ...[0, 1, 2, 3].flatMap((lane) => [...new Uint8Array(new Int32Array([lane * stride]).buffer)]),
    );
    code.op('i32x4.add');
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
        else code.i32(convert(expression.value, expression.dtype)).op('i32x4.splat');
        return;
      case 'read':
        this.#read(expression.use);
        return;
      case 'accumulator':
        accumulator?.(this.#width);
        return;
      case 'coordinate':
        this.#pushIndices(expression.index);
        return;
      case 'random':
        this.#writeRandom(expression);
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

  #read(use: number): void {
    const { code } = this.#in;
    const stride = this.#innerStride((this.#in.uses[use] as Use).view);
    const size = this.#size(use);
    if (this.#width === 1 || stride === 0) {
      const offset = this.pushAddress(use);
      if (size === 4) code.op('v128.load32_splat', offset);
      else code.op('i32.load8_u', offset).op('i32x4.splat');
    } else if (stride === 1) {
      const offset = this.pushAddress(use);
      if (size === 4) code.op('v128.load', offset);
      else code.op('v128.load32_zero', offset).op('i16x8.extend_low_i8x16_u').op('i32x4.extend_low_i16x8_u');
    } else {
      const address = code.local('i32');
      const offset = this.pushAddress(use);
      code.set(address);
      for (let lane = 0; lane < 4; lane++) {
        // Strides may be negative: the address moves, not the constant offset.
        if (lane > 0) code.advance(address, stride * size);
        if (size === 1) {
          code.get(address).op('i32.load8_u', offset);
          code.op(lane === 0 ? 'i32x4.splat' : 'i32x4.replace_lane', lane);
        } else if (lane === 0) code.get(address).op('v128.load32_splat', offset);
        else this.#loadLane(address, offset, lane);
      }
      code.free(address);
    }
  }

  /** Replaces one lane of the vector on the stack. */
  #loadLane(address: Local, offset: number, lane: number): void {
    const { code } = this.#in;
    const vector = code.local('v128');
    code.set(vector).get(address).get(vector).op('v128.load32_lane', offset, lane);
    code.free(vector);
  }

  #store(use: number, value: Local): void {
    const { code } = this.#in;
    const offset = this.pushAddress(use);
    code.get(value);
    if (this.#size(use) === 4) {
      if (this.#width === 4) code.op('v128.store', offset);
      else code.op('v128.store32_lane', offset, 0);
    } else if (this.#width === 1) {
      code.op('i32x4.extract_lane', 0).op('i32.store8', offset);
    } else {
      // Bytes 0, 4, 8 and 12 side by side: what counts is each number modulo 256.
      code.get(value).op('i8x16.shuffle', 0, 4, 8, 12, ...new Array(12).fill(0));
      code.op('v128.store32_lane', offset, 0);
    }
  }

  #operate(expression: Expression & { kind: 'operation' }): void {
    const { code, functions } = this.#in;
    const { operation, operands, dtype } = expression;
    const [first, second, third] = operands as [Expression, Expression, Expression];
    if (operation === 'select') {
      // Both branches are computed; neither can fail.
      this.#pushNumber(second);
      this.#pushNumber(third);
      this.#push(first);
      if (!isMask(first)) code.i32(0).op('i32x4.splat').op('i32x4.ne');
      code.op('v128.bitselect');
      return;
    }
    if (operation === 'cast') {
      this.#cast(first, dtype);
      return;
    }
    for (const operand of operands) this.#pushNumber(operand);
    const simple = (first.dtype === 'float32' ? floats : integers)[operation];
    if (simple) {
      code.op(simple);
      return;
    }
    switch (operation) {
      case 'exp':
      case 'log':
      case 'sin':
      case 'cos':
      case 'tanh':
      case 'sigmoid':
        code.op('call', functions.index(operation satisfies VectorFunction));
        return;
      case 'square': {
        const value = code.local('v128');
        code
          .tee(value)
          .get(value)
          .op(dtype === 'float32' ? 'f32x4.mul' : 'i32x4.mul');
        code.free(value);
        return;
      }
      case 'reciprocal': {
        const value = code.local('v128');
        code.set(value);
        splat(code, 1).get(value).op('f32x4.div');
        code.free(value);
        return;
      }
      case 'sign':
        this.#sign(dtype);
        return;
      case 'pow':
        this.#power();
        return;
      default:
        throw new NeuriteError('internal', `there are no instructions for ${operation} of ${first.dtype}`);
    }
  }

  /** x > 0 minus x < 0, as numbers; NaN and zeros stay themselves. */
  #sign(dtype: DType): void {
    const { code } = this.#in;
    const value = code.local('v128');
    code.set(value);
    if (dtype === 'float32') {
      splat(code, 1).get(value);
      splat(code, -0).op('v128.and').op('v128.or').get(value).get(value).op('f32x4.abs');
      splat(code, 0).op('f32x4.gt').op('v128.bitselect');
    } else {
      code.get(value).i32(0).op('i32x4.splat').op('i32x4.lt_s');
      code.get(value).i32(0).op('i32x4.splat').op('i32x4.gt_s').op('i32x4.sub');
    }
    code.free(value);
  }

  /** x ** y lane by lane, by the host: rare, and hard to get right in few instructions. */
  #power(): void {
    const { code } = this.#in;
    const power = Module.host('pow');
    const [x, y] = [code.local('v128'), code.local('v128')];
    code.set(y).set(x).get(x);
    const lanes = this.#width === 1 ? [0] : [0, 1, 2, 3];
    for (const lane of lanes) {
      code.get(x).op('f32x4.extract_lane', lane).get(y).op('f32x4.extract_lane', lane).op('call', power);
      if (this.#width === 1) {
        const result = code.local('v128');
        code.op('f32x4.splat').set(result).op('drop').get(result);
        code.free(result);
      } else code.op('f32x4.replace_lane', lane);
    }
    code.free(x, y);
  }

  #cast(source: Expression, dtype: DType): void {
    const { code } = this.#in;
    if (dtype === 'float32' && isMask(source)) {
      this.#push(source);
      splat(code, 1).op('v128.and');
      return;
    }
    this.#pushNumber(source);
    if (dtype === 'float32') {
      if (source.dtype !== 'float32') code.op('f32x4.convert_i32x4_s');
      return;
    }
    if (source.dtype === 'float32') this.#truncate();
    if (dtype === 'uint8') code.i32(255).op('i32x4.splat').op('v128.and');
  }

  /** Truncates modulo 2³², as JavaScript does; what is not finite becomes 0. */
  #truncate(): void {
    const { code } = this.#in;
    const value = code.local('v128');
    code.tee(value).op('i32x4.trunc_sat_f32x4_s').get(value).get(value);
    splat(code, 2 ** -32)
      .op('f32x4.mul')
      .op('f32x4.floor');
    splat(code, 2 ** 32)
      .op('f32x4.mul')
      .op('f32x4.sub')
      .op('i32x4.trunc_sat_f32x4_u');
    code.get(value).op('f32x4.abs');
    splat(code, 2 ** 31)
      .op('f32x4.lt')
      .op('v128.bitselect');
    code.free(value);
  }

  #writeChoice(expression: Expression & { kind: 'within' }): void {
    const { code } = this.#in;
    const index = code.local('i32');
    this.#pushIndex(expression.index);
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

  /** The round keys of a stream at this step (core/src/scalar/generator.ts), each in all lanes of a local. */
  #writeKeys(expression: Expression & { kind: 'random' }): void {
    const { code } = this.#in;
    if (this.#levels.get(expression.step) !== Level.Kernel) {
      throw new NeuriteError('internal', 'the step of a random number changes within a kernel');
    }
    const { warmUp, additions } = generatorTable;
    const register = Array.from({ length: 6 }, () => code.local('i32'));
    const step = code.local('i32');
    this.#begin(1);
    this.#push(expression.step, true);
    code.op('i32x4.extract_lane', 0).set(step);
    this.#end();
    const [high, low] = expression.stream;
    [high >> 12, high & 4095, low >> 12, low & 4095].forEach((word, i) => {
      code.i32(word).set(register[i] as Local);
    });
    code
      .get(step)
      .i32(12)
      .op('i32.shr_u')
      .i32(4095)
      .op('i32.and')
      .set(register[4] as Local);
    code
      .get(step)
      .i32(4095)
      .op('i32.and')
      .set(register[5] as Local);
    const keys: Local[] = [];
    additions.forEach((addition, n) => {
      const oldest = register.shift() as Local;
      const newest = register.at(-1) as Local;
      code.get(newest).get(newest).i32(1).op('i32.add').op('i32.mul').i32(6).op('i32.shr_u');
      code.get(oldest).op('i32.add').i32(addition).op('i32.add').i32(4095).op('i32.and').set(oldest);
      register.push(oldest);
      if (n < warmUp || (n - warmUp) % 2 === 0) return;
      const key = code.local('v128');
      code.get(oldest).op('i32x4.splat').set(key);
      keys.push(key);
    });
    code.free(step, ...register);
    this.#keys.set(expression, keys);
  }

  #writeRandom(expression: Expression & { kind: 'random' }): void {
    const { code } = this.#in;
    const integer = (value: number) => code.i32(value).op('i32x4.splat');
    let left = code.local('v128');
    let right = code.local('v128');
    const [high, low] = [code.local('v128'), code.local('v128')];
    this.#pushIndices(expression.element);
    code.tee(low).i32(12).op('i32x4.shr_u').tee(high).set(left);
    code.get(low);
    integer(4095).op('v128.and').tee(low).set(right);
    for (const key of this.#keys.get(expression) as Local[]) {
      code.get(right).get(right);
      integer(1).op('i32x4.add').op('i32x4.mul').i32(6).op('i32x4.shr_u');
      code.get(left).op('i32x4.add').get(key).op('i32x4.add');
      integer(4095).op('v128.and').set(left);
      [left, right] = [right, left];
    }
    code.get(left).get(high).op('i32x4.add');
    integer(4095).op('v128.and').i32(12).op('i32x4.shl');
    code.get(right).get(low).op('i32x4.add');
    integer(4095).op('v128.and').op('i32x4.add');
    code.free(left, right, high, low);
  }
}

// The body of one function: instructions in order, and the locals that they use.
import { NeuriteError } from '@neurite/core/program';
import { float32, float64, signed, unsigned } from './bytes.ts';
import { type InstructionName, instructions } from './instructions.ts';

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

export const valueTypes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** A local of a function. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

const emptyBlock = 0x40;

export class Code {
  readonly parameters: readonly Local[];
  readonly result: ValueType | undefined;
  readonly #locals: ValueType[] = [];
  readonly #bytes: number[] = [];
  readonly #free: Local[] = [];

  constructor(parameters: readonly ValueType[] = [], result?: ValueType) {
    this.parameters = parameters.map((type, index) => ({ type, index }));
    this.result = result;
  }

  /** A new local, or one that was given back. */
  local(type: ValueType): Local {
    const known = this.#free.findIndex((local) => local.type === type);
    if (known >= 0) return this.#free.splice(known, 1)[0] as Local;
    this.#locals.push(type);
    return { type, index: this.parameters.length + this.#locals.length - 1 };
  }

  /** Lets others have these locals. */
  free(...locals: readonly Local[]): void {
    this.#free.push(...locals);
  }

  op(name: InstructionName, ...immediates: readonly number[]): this {
    const { bytes, immediate } = instructions.get(name) as NonNullable<ReturnType<typeof instructions.get>>;
    const [first = 0, second = 0] = immediates;
    if (immediate === 'memory' && first < 0) {
      // The offset of an instruction cannot be negative. Where a load has its address on the stack, stores have a value.
      if (!name.includes('load'))
        throw new NeuriteError('internal', `${name} at the negative offset ${first}`);
      return this.plus(first).op(name, 0, second);
    }
    this.#bytes.push(...bytes);
    switch (immediate) {
      case 'none':
        break;
      case 'index':
        this.#bytes.push(...unsigned(first));
        break;
      case 'block':
        this.#bytes.push(immediates.length > 0 ? first : emptyBlock);
        break;
      case 'memory':
        // first: offset; the alignment is a promise that atomics need and others may leave at one byte
        this.#bytes.push(second, ...unsigned(first));
        break;
      case 'memoryLane':
        this.#bytes.push(0, ...unsigned(first), second);
        break;
      case 'lane':
        this.#bytes.push(first);
        break;
      case 'lanes':
        this.#bytes.push(...immediates);
        break;
      case 'i32':
        this.#bytes.push(...signed(first));
        break;
      case 'f32':
        this.#bytes.push(...float32(first));
        break;
      case 'f64':
        this.#bytes.push(...float64(first));
        break;
      default:
        immediate satisfies never;
    }
    return this;
  }

  get(local: Local): this {
    return this.op('local.get', local.index);
  }
  set(local: Local): this {
    return this.op('local.set', local.index);
  }
  tee(local: Local): this {
    return this.op('local.tee', local.index);
  }
  i32(value: number): this {
    return this.op('i32.const', value);
  }

  /** The number on the stack, times a constant. */
  times(factor: number): this {
    return this.i32(factor).op('i32.mul');
  }
  /** The number on the stack, plus a constant or a local. */
  plus(term: number | Local): this {
    return this.#operand(term).op('i32.add');
  }

  /** local += by */
  advance(local: Local, by: number): this {
    return this.get(local).i32(by).op('i32.add').set(local);
  }

  /**
   * for (counter = from; counter < to; counter += step) body(), the test at the end: the body must be due at least once
   * unless `guarded`.
   */
  loop(
    counter: Local,
    {
      from,
      to,
      step = 1,
      guarded = false,
    }: { from: number | Local; to: number | Local; step?: number; guarded?: boolean },
    body: () => void,
  ): this {
    this.#operand(from).set(counter);
    if (guarded) this.op('block').get(counter).#operand(to).op('i32.ge_s').op('br_if', 0);
    this.op('loop');
    body();
    this.get(counter)
      .i32(step)
      .op('i32.add')
      .tee(counter)
      .#operand(to)
      .op('i32.lt_s')
      .op('br_if', 0)
      .op('end');
    if (guarded) this.op('end');
    return this;
  }

  #operand(value: number | Local): this {
    return typeof value === 'number' ? this.i32(value) : this.get(value);
  }

  /** The function as the code section holds it. */
  toBytes(): number[] {
    const groups: [count: number, type: ValueType][] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last?.[1] === type) last[0] += 1;
      else groups.push([1, type]);
    }
    const body = [
      ...unsigned(groups.length),
      ...groups.flatMap(([count, type]) => [...unsigned(count), valueTypes[type]]),
      ...this.#bytes,
      0x0b,
    ];
    return [...unsigned(body.length), ...body];
  }
}

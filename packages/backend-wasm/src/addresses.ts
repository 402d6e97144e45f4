// Where the elements of a kernel's uses lie while its loops run, and how they are read and written.
import { type Affine, byteSize, type DType, type Use } from '@neurite/core/program';
import type { Code, Local } from './code.ts';
import type { InstructionName } from './instructions.ts';

/** Elements that are computed at once: one, in all lanes of a vector, or up to four in a row, of which rows' ends are left. */
export type Width = 1 | 2 | 3 | 4;

/** Instructions that write the first bytes of a vector, and the lane and byte at which each begins. */
const stores: Readonly<Record<number, readonly (readonly [InstructionName, byte: number, lane: number])[]>> =
  {
    1: [['v128.store8_lane', 0, 0]],
    2: [['v128.store16_lane', 0, 0]],
    3: [
      ['v128.store16_lane', 0, 0],
      ['v128.store8_lane', 2, 2],
    ],
    4: [['v128.store32_lane', 0, 0]],
    8: [['v128.store64_lane', 0, 0]],
    12: [
      ['v128.store64_lane', 0, 0],
      ['v128.store32_lane', 8, 2],
    ],
    16: [['v128.store', 0, 0]],
  };

/** What addresses depend on. */
export interface Surroundings {
  readonly code: Code;
  readonly uses: readonly Use[];
  /** First byte and dtype of the buffer of a use. */
  readonly base: (use: number) => number;
  readonly dtype: (use: number) => DType;
  /** Counters of the loops around a row, outermost first. */
  readonly outer: readonly Local[];
  /** Counts along a row, in steps of 4 for each element. */
  readonly inner: Local | undefined;
}

export class Addresses {
  readonly #in: Surroundings;
  /** The parts of addresses that stay the same along a row. */
  readonly #rows = new Map<string, Local>();

  constructor(surroundings: Surroundings) {
    this.#in = surroundings;
  }

  /** At the start of a row. */
  writeRow(): void {
    const { code, uses } = this.#in;
    const written = new Set<string>();
    uses.forEach(({ view }, use) => {
      const key = this.#rowKey(view, use);
      if (!key || written.has(key)) return;
      written.add(key);
      const local = this.#rows.get(key) ?? code.local('i32');
      this.#rows.set(key, local);
      this.#pushOuter(view, this.#size(use));
      code.set(local);
    });
  }

  /** From one element of a row to the next; 0 where there is no row. */
  innerStride({ strides }: Affine): number {
    return this.#in.inner && strides.length > this.#in.outer.length ? (strides.at(-1) as number) : 0;
  }

  /** Whether four neighbours of a use lie next to each other. */
  isContiguous(use: number): boolean {
    return this.innerStride(this.#viewOf(use)) === 1;
  }

  /** Pushes a sum of counters, at the first of the current elements. */
  pushIndex(index: Affine): void {
    const { code, inner } = this.#in;
    this.#pushOuter(index, 1);
    code.plus(index.offset);
    const stride = this.innerStride(index);
    if (!inner || stride === 0) return;
    code.get(inner).i32(2).op('i32.shr_u').times(stride).op('i32.add');
  }

  /** Pushes a sum of counters at each of the current elements. */
  pushIndices(index: Affine, width: Width): void {
    const { code } = this.#in;
    this.pushIndex(index);
    code.op('i32x4.splat');
    const stride = this.innerStride(index);
    if (width === 1 || stride === 0) return;
    const steps = Int32Array.from([0, 1, 2, 3], (lane) => lane * stride);
    code.op('v128.const', ...new Uint8Array(steps.buffer)).op('i32x4.add');
  }

  /** Pushes the current element(s) of a use; bytes become integers. */
  pushElements(use: number, width: Width): void {
    const { code } = this.#in;
    const stride = this.innerStride(this.#viewOf(use));
    const isByte = this.#size(use) === 1;
    if (width === 1 || stride === 0) {
      const offset = this.#pushAddress(use);
      if (isByte) code.op('i32.load8_u', offset).op('i32x4.splat');
      else code.op('v128.load32_splat', offset);
    } else if (stride === 1 && isByte) {
      const offset = this.#pushAddress(use);
      code.op('v128.load32_zero', offset).op('i16x8.extend_low_i8x16_u').op('i32x4.extend_low_i16x8_u');
    } else if (stride === 1 && width !== 3) {
      const offset = this.#pushAddress(use);
      code.op(width === 4 ? 'v128.load' : 'v128.load64_zero', offset); // no more than was written at once
    } else this.#pushApart(use, stride, width);
  }

  /** Writes a vector to the current element(s) of a use. */
  store(use: number, value: Local, width: Width): void {
    const { code } = this.#in;
    const size = this.#size(use);
    for (const [instruction, byte, lane] of stores[size * width] ?? []) {
      const offset = this.#pushAddress(use);
      code.get(value);
      // Bytes 0, 4, 8 and 12 side by side: what counts is each number modulo 256.
      if (size === 1 && width > 1) code.get(value).op('i8x16.shuffle', 0, 4, 8, 12, ...new Array(12).fill(0));
      code.op(instruction, offset + byte, lane);
    }
  }

  /** Elements that do not lie next to each other. */
  #pushApart(use: number, stride: number, width: Width): void {
    const { code } = this.#in;
    const address = code.local('i32');
    const vector = code.local('v128');
    const size = this.#size(use);
    const offset = this.#pushAddress(use);
    code.set(address);
    for (let lane = 0; lane < width; lane++) {
      // Strides may be negative: the address moves, not the constant offset.
      if (lane > 0) code.advance(address, stride * size);
      if (size === 1) {
        code.get(address).op('i32.load8_u', offset);
        code.op(lane === 0 ? 'i32x4.splat' : 'i32x4.replace_lane', lane);
      } else if (lane === 0) code.get(address).op('v128.load32_splat', offset);
      else code.set(vector).get(address).get(vector).op('v128.load32_lane', offset, lane);
    }
    code.free(address, vector);
  }

  /** Pushes the address of the current element of a use; what is returned is to be added by the instruction. */
  #pushAddress(use: number): number {
    const { code, inner } = this.#in;
    const view = this.#viewOf(use);
    const size = this.#size(use);
    const row = this.#rows.get(this.#rowKey(view, use));
    const stride = this.innerStride(view);
    if (row) code.get(row);
    if (inner && stride !== 0) {
      code.get(inner);
      if (size === 1) code.i32(2).op('i32.shr_u');
      if (stride !== 1) code.times(stride);
      if (row) code.op('i32.add');
    } else if (!row) code.i32(0);
    const start = this.#in.base(use) + size * view.offset;
    // An instruction's offset is from 0, and is not added modulo 2³² to what may be below 0.
    if (start >= 0 && view.strides.every((each) => each >= 0)) return start;
    code.plus(start);
    return 0;
  }

  #viewOf(use: number): Affine {
    return (this.#in.uses[use] as Use).view;
  }

  #size(use: number): number {
    return byteSize(this.#in.dtype(use));
  }

  /** Uses with the same key have the same row part; none where it is 0. */
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
      code.get(counter).times(stride);
      if (terms++ > 0) code.op('i32.add');
    });
    if (terms === 0) code.i32(0);
  }
}

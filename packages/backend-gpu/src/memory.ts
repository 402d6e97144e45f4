// The numbers of one buffer, in one cell or several, as their host sees them: in the buffer's dtype.
import { type BufferInfo, NeuriteError, type NumberArray, newArray } from '@neurite/core/program';
import { Cell } from './cell.ts';
import { type Bounds, sorted } from './cells.ts';
import type { Device } from './device.ts';
import type { Geometry } from './geometry.ts';
import { type Later, whenThere } from './later.ts';

/** How the part of a buffer from `offset` lies on the device. */
type GeometryAt = (offset: number, length: number) => Geometry;

export class BufferMemory {
  readonly info: BufferInfo;
  /** Executables that use it. */
  users = 1;
  /** The first element of each cell, and the length last. */
  bounds: Bounds;
  cells: readonly Cell[];

  /** Begins as zeros. */
  constructor(info: BufferInfo, bounds: Bounds, geometryAt: GeometryAt) {
    this.info = info;
    this.bounds = bounds;
    this.cells = this.#cut(bounds, geometryAt, new Float32Array(info.length));
  }

  write(values: NumberArray, offset: number): void {
    const { name, dtype } = this.info;
    if (newArray(dtype, 0)[Symbol.toStringTag] !== values[Symbol.toStringTag]) {
      throw new NeuriteError(
        'dtype',
        `buffer "${name}" holds ${dtype}, but got a ${values[Symbol.toStringTag]}`,
      );
    }
    this.requireRange(offset, values.length);
    for (const { cell, first, from, count } of this.#parts(offset, values.length)) {
      cell.write(Float32Array.from(values.subarray(first, first + count)), from);
    }
  }

  /** @param ask finds out the numbers of a cell. */
  read(offset: number, length: number, ask: (cell: Cell) => Later<Float32Array>): Later<NumberArray> {
    const result = newArray(this.info.dtype, length);
    const waiting = this.#parts(offset, length).map(({ cell, first, from, count }) =>
      whenThere(ask(cell), (numbers) => result.set(numbers.subarray(from, from + count), first)),
    );
    return waiting.some((done) => done instanceof Promise) ? Promise.all(waiting).then(() => result) : result;
  }

  /** Cuts cells at these bounds too. What was there stays. */
  refine(wanted: Bounds, geometryAt: GeometryAt, device: Device): Later<void> {
    const bounds = sorted(new Set([...this.bounds, ...wanted]));
    if (bounds.length === this.bounds.length) return undefined;
    const before = this.cells;
    const all = new Float32Array(this.info.length);
    const waiting = before.map((cell, i) =>
      whenThere(cell.read(device), (numbers) => all.set(numbers, this.bounds[i])),
    );
    const cut = (): void => {
      this.bounds = bounds;
      this.cells = this.#cut(bounds, geometryAt, all);
      for (const cell of before) cell.release();
    };
    return waiting.some((done) => done instanceof Promise) ? Promise.all(waiting).then(cut) : cut();
  }

  release(): void {
    for (const cell of this.cells) cell.release();
  }

  #cut(bounds: Bounds, geometryAt: GeometryAt, numbers: Float32Array): Cell[] {
    return bounds.slice(0, -1).map((start, i) => {
      const end = bounds[i + 1] as number;
      return new Cell(geometryAt(start, end - start), numbers.slice(start, end));
    });
  }

  /** The cells with elements of a range: `count` of them, from `first` of the range, which is `from` in the cell. */
  #parts(offset: number, length: number): { cell: Cell; first: number; from: number; count: number }[] {
    return this.cells.flatMap((cell, i) => {
      const start = this.bounds[i] as number;
      const low = Math.max(start, offset);
      const count = Math.min(start + cell.length, offset + length) - low;
      return count > 0 ? [{ cell, first: low - offset, from: low - start, count }] : [];
    });
  }

  /** @throws NeuriteError `shape` */
  requireRange(offset: number, count: number): void {
    const { name, length } = this.info;
    const whole = Number.isInteger(offset) && Number.isInteger(count) && offset >= 0 && count >= 0;
    if (whole && offset + count <= length) return;
    throw new NeuriteError(
      'shape',
      `buffer "${name}" has ${length} elements, but got ${count} from ${offset}`,
    );
  }
}

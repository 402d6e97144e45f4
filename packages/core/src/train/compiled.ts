// A program, compiled, whose inputs, state and outputs are known by name.
import { NeuriteError } from '../errors.ts';
import type { Backend, Executable } from '../plugin/backend.ts';
import { type Computation, lower } from '../program/lower.ts';
import type { Program, Region } from '../program/program.ts';
import { convertArray, dtypeOf, type NumberArray } from '../scalar/dtype.ts';
import { sizeOf } from '../scalar/shape.ts';

export class Compiled {
  readonly program: Program;
  readonly executable: Executable;
  /** Named tensors, and whole buffers that the host knows. */
  readonly #regions: ReadonlyMap<string, Region>;

  constructor(program: Program, executable: Executable) {
    this.program = program;
    this.executable = executable;
    const buffers = program.buffers
      .filter(({ home }) => home !== 'scratch')
      .map(({ id, name, length }) => [name, { buffer: id, offset: 0, shape: [length] }] as const);
    this.#regions = new Map([...buffers, ...Object.entries(program.names)]);
  }

  has(name: string): boolean {
    return this.#regions.has(name);
  }

  /** Where a named tensor lies, if the program has it. */
  region(name: string): Region | undefined {
    return this.#regions.get(name);
  }

  /** Writes numbers to a named tensor; a program that has no use for it has no such tensor, and nothing happens. */
  write(name: string, values: ArrayLike<number>, offset = 0): void {
    const region = this.#regions.get(name);
    if (!region) return;
    const { dtype } = this.program.buffers[region.buffer] as Program['buffers'][number];
    const numbers = dtypeOf(values) === dtype ? (values as NumberArray) : convertArray(dtype, values);
    this.executable.write(region.buffer, numbers, region.offset + offset);
  }

  /** The numbers of a named tensor: at once, where the backend gives them at once. */
  read(name: string): Promise<NumberArray> | NumberArray {
    const region = this.#regions.get(name);
    if (!region) throw new NeuriteError('internal', `the program has no "${name}"`);
    return this.executable.read(region.buffer, region.offset, sizeOf(region.shape));
  }

  async readNumber(name: string): Promise<number> {
    return (await this.read(name))[0] as number;
  }
}

/** @param beside what shares its state and data with the new program. */
export async function compile(
  computation: Computation,
  backend: Backend,
  beside?: Compiled,
): Promise<Compiled> {
  const program = lower(computation, backend.capabilities);
  return new Compiled(program, await backend.compile(program, beside?.executable));
}

/** The error of a training whose loss went bad at `step`, counted from 0. */
export const notFinite = (step: number): NeuriteError =>
  new NeuriteError(
    'not-finite',
    `the loss is no finite number at step ${step + 1}: lower the learning rate, or scale the inputs to about −1 … 1; the callback stopOnNaN() says which layer it was`,
  );

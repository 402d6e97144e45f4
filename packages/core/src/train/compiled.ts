// A program, compiled, whose inputs, state and outputs are known by name.
import { NeuriteError } from '../errors.ts';
import type { Backend, Executable } from '../plugin/backend.ts';
import { type Computation, lower } from '../program/lower.ts';
import type { Program, Region } from '../program/program.ts';
import { convertArray, dtypeOf, type NumberArray } from '../scalar/dtype.ts';
import { sizeOf } from '../tensor/shape.ts';

export class Compiled {
  readonly program: Program;
  readonly executable: Executable;

  constructor(program: Program, executable: Executable) {
    this.program = program;
    this.executable = executable;
  }

  /** A named tensor, or a whole buffer. */
  #region(name: string): Region | undefined {
    if (Object.hasOwn(this.program.names, name)) return this.program.names[name];
    const buffer = this.program.buffers.find(
      (candidate) => candidate.name === name && candidate.home !== 'scratch',
    );
    return buffer && { buffer: buffer.id, offset: 0, shape: [buffer.length] };
  }

  has(name: string): boolean {
    return this.#region(name) !== undefined;
  }

  /** Writes numbers to a named tensor; a program that has no use for it has no such tensor, and nothing happens. */
  write(name: string, values: ArrayLike<number>, offset = 0): void {
    const region = this.#region(name);
    if (!region) return;
    const { dtype } = this.program.buffers[region.buffer] as Program['buffers'][number];
    const numbers = dtypeOf(values) === dtype ? (values as NumberArray) : convertArray(dtype, values);
    this.executable.write(region.buffer, numbers, region.offset + offset);
  }

  async read(name: string): Promise<NumberArray> {
    const region = this.#region(name);
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
    `the loss is no finite number at step ${step + 1}: lower the learning rate, or scale the inputs to about −1 … 1`,
  );

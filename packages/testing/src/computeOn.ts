// The counterpart of core's `evaluate`: the same numbers from a backend.
import { type Backend, lower, type NumberArray, sizeOf, type Tensor, verifyProgram } from '@neurite/core';
import { newArray } from '@neurite/core/program';

/**
 * What `backend` makes of a graph: the numbers of each root, in order, as `evaluate` gives them.
 *
 * @param inputs the numbers of each input by name, row-major.
 * @example
 * const x = placeholder('x', [3]);
 * const [y] = await computeOn(cpu(), [x.tanh()], { x: [-1, 0, 1] });
 */
export async function computeOn(
  backend: Backend,
  roots: readonly Tensor[],
  inputs: Readonly<Record<string, ArrayLike<number>>> = {},
): Promise<NumberArray[]> {
  const program = lower({ outputs: Object.fromEntries(roots.entries()) }, backend.capabilities);
  verifyProgram(program);
  const executable = await backend.compile(program);
  try {
    for (const [name, values] of Object.entries(inputs)) {
      const region = program.names[name];
      if (!region) continue; // nothing depends on it
      const { dtype } = program.buffers[region.buffer] as (typeof program.buffers)[number];
      const numbers = newArray(dtype, values.length);
      numbers.set(values);
      executable.write(region.buffer, numbers, region.offset);
    }
    await executable.run();
    return await Promise.all(
      roots.map(async (_, i) => {
        const { buffer, offset, shape } = program.names[i] as (typeof program.names)[string];
        return executable.read(buffer, offset, sizeOf(shape));
      }),
    );
  } finally {
    executable.release();
  }
}

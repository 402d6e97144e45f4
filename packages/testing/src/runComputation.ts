// A whole computation — outputs, state, several steps — on a backend, by the oracle, and the two compared.
import {
  type Backend,
  type Computation,
  type Executable,
  evaluate,
  lower,
  NeuriteError,
  type NumberArray,
  type Program,
  printProgram,
  sizeOf,
  type Tensor,
  verifyProgram,
} from '@neurite/core';
import { newArray } from '@neurite/core/program';
import { AssertionError } from './assertionError.ts';

/** Row-major numbers of tensors by name. */
export type NumbersByName = Readonly<Record<string, ArrayLike<number>>>;

/** The name of an input. */
export function inputName({ op }: Tensor): string {
  if (op.kind === 'input') return op.name;
  throw new NeuriteError('option', `${op.key} is no input`);
}

const updatesOf = ({ updates }: Computation): [state: Tensor, value: Tensor][] => [...(updates ?? [])];

/** Outputs and states of `computation` after so many steps, by name, as the oracle has them. */
export function evaluateSteps(
  computation: Computation,
  values: NumbersByName,
  steps = 1,
): Record<string, NumberArray> {
  const outputs = Object.entries(computation.outputs ?? {});
  const updates = updatesOf(computation);
  const roots = [...outputs.map(([, tensor]) => tensor), ...updates.map(([, value]) => value)];
  const names = [...outputs.map(([name]) => name), ...updates.map(([state]) => inputName(state))];
  let results: NumberArray[] = [];
  let now: NumbersByName = values;
  for (let step = 0; step < steps; step++) {
    results = evaluate(roots, now);
    const states = names.map((name, i) => [name, results[i] as NumberArray] as const).slice(outputs.length);
    now = { ...now, ...Object.fromEntries(states) };
  }
  return Object.fromEntries(names.map((name, i) => [name, results[i] as NumberArray]));
}

/** Outputs and states of `computation` after so many steps, by name, as `backend` has them. */
export async function runComputation(
  backend: Backend,
  computation: Computation,
  values: NumbersByName,
  steps = 1,
): Promise<Record<string, NumberArray>> {
  const program = lower(computation, backend.capabilities);
  verifyProgram(program);
  const executable = await backend.compile(program);
  try {
    for (const [name, numbers] of Object.entries(values)) {
      if (program.names[name]) writeTensor(executable, program, name, numbers); // else nothing depends on it
    }
    await executable.run(steps);
    const names = [
      ...Object.keys(computation.outputs ?? {}),
      ...updatesOf(computation).map(([s]) => inputName(s)),
    ];
    const results: Record<string, NumberArray> = {};
    for (const name of names) results[name] = await readTensor(executable, program, name);
    return results;
  } finally {
    executable.release();
  }
}

/** Writes a named tensor of a program, in its dtype. */
export function writeTensor(
  executable: Executable,
  program: Program,
  name: string,
  values: ArrayLike<number>,
): void {
  const { buffer, offset } = regionOf(program, name);
  const { dtype } = program.buffers[buffer] as Program['buffers'][number];
  const numbers = newArray(dtype, values.length);
  numbers.set(values);
  executable.write(buffer, numbers, offset);
}

/** Reads a named tensor of a program. */
export async function readTensor(
  executable: Executable,
  program: Program,
  name: string,
): Promise<NumberArray> {
  const { buffer, offset, shape } = regionOf(program, name);
  return executable.read(buffer, offset, sizeOf(shape));
}

function regionOf(program: Program, name: string): Program['names'][string] {
  const region = program.names[name];
  if (!region) throw new NeuriteError('name', `the program has no "${name}"`);
  return region;
}

/**
 * Throws unless both have the same dtype and length, and every difference is within tolerance · (1 + |expected|). NaN and
 * infinity must be met exactly.
 */
export function requireClose(
  actual: NumberArray,
  expected: NumberArray,
  tolerance: number,
  what: string,
): void {
  const [got, wanted] = [actual, expected].map(
    (numbers) => `${numbers[Symbol.toStringTag]}(${numbers.length})`,
  );
  if (got !== wanted)
    throw new AssertionError(`${what} is a ${got}, but must be a ${wanted}`, { actual, expected });
  expected.forEach((value, i) => {
    const mine = actual[i] as number;
    if (mine === value || (Number.isNaN(mine) && Number.isNaN(value))) return;
    if (Math.abs(mine - value) <= tolerance * (1 + Math.abs(value))) return;
    throw new AssertionError(`${what}: element ${i} is ${mine}, but must be ${value}`, { actual, expected });
  });
}

/** Throws, with the program, unless `backend` gets what the oracle gets. */
export async function checkComputation(
  backend: Backend,
  computation: Computation,
  values: NumbersByName,
  { steps = 1, tolerance = 1e-5 }: { readonly steps?: number; readonly tolerance?: number } = {},
): Promise<void> {
  const expected = evaluateSteps(computation, values, steps);
  try {
    const actual = await runComputation(backend, computation, values, steps);
    for (const [name, numbers] of Object.entries(expected)) {
      requireClose(actual[name] as NumberArray, numbers, tolerance, name);
    }
  } catch (error) {
    const text = printProgram(lower(computation, backend.capabilities));
    throw new AssertionError(`${(error as Error).message}, in\n${text}`, error as AssertionError);
  }
}

// Compares the backend, compiled and interpreted, with core's oracle on one computation.

import {
  type Computation,
  type DType,
  type Executable,
  evaluate,
  lower,
  type NumberArray,
  type Program,
  printProgram,
  type Tensor,
  verifyProgram,
} from '@neurite/core';
import { expect } from 'vitest';
import { cpu } from '../src/index.ts';

export type Values = Readonly<Record<string, readonly number[]>>;

export const backends = { compiled: cpu(), interpreted: cpu({ codeGeneration: 'never' }) } as const;

/** Numbers that look random: the same for each seed. */
export function numbers(count: number, seed = 1, scale = 2): number[] {
  let state = (seed * 7919 + 12345) % 2147483647;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return Math.fround((state / 2147483647 - 0.5) * scale);
  });
}

const nameOf = ({ op }: Tensor): string => (op.kind === 'input' ? op.name : '');

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array };

/** Runs `computation` on both forms of the backend, and expects what the oracle says, after each of `steps` steps. */
export async function expectOracle(
  computation: Computation,
  values: Values,
  { steps = 1, tolerance = 1e-5 } = {},
): Promise<void> {
  for (const backend of Object.values(backends)) {
    const program = lower(computation, backend.capabilities);
    verifyProgram(program);
    const executable = await backend.compile(program);
    for (const [name, given] of Object.entries(values)) {
      if (program.names[name]) write(executable, program, name, given); // else nothing depends on it
    }
    executable.run(steps);

    const updates = [...(computation.updates ?? new Map<Tensor, Tensor>())];
    const outputs = Object.entries(computation.outputs ?? {});
    let now: Record<string, ArrayLike<number>> = { ...values };
    let results: NumberArray[] = [];
    for (let step = 0; step < steps; step++) {
      results = evaluate([...outputs.map(([, tensor]) => tensor), ...updates.map(([, value]) => value)], now);
      const next = { ...now };
      updates.forEach(([state], i) => {
        next[nameOf(state)] = results[outputs.length + i] as NumberArray;
      });
      now = next;
    }
    const names = [...outputs.map(([name]) => name), ...updates.map(([state]) => nameOf(state))];
    for (const [i, name] of names.entries()) {
      const what = `${name} of\n${printProgram(program)}`;
      expectClose(read(executable, program, name), results[i] as NumberArray, tolerance, what);
    }
    executable.release();
  }
}

export function write(
  executable: Executable,
  program: Program,
  name: string,
  values: ArrayLike<number>,
): void {
  const region = program.names[name];
  if (!region) throw new Error(`the program has no "${name}"`);
  const dtype = program.buffers[region.buffer]?.dtype as DType;
  executable.write(region.buffer, arrays[dtype].from(values), region.offset);
}

export function read(executable: Executable, program: Program, name: string): NumberArray {
  const { buffer, offset, shape } = program.names[name] as Program['names'][string];
  return executable.read(
    buffer,
    offset,
    shape.reduce((a, b) => a * b, 1),
  ) as NumberArray;
}

function expectClose(actual: NumberArray, expected: NumberArray, tolerance: number, what: string): void {
  expect(actual.constructor, what).toBe(expected.constructor);
  expect(actual.length, what).toBe(expected.length);
  expected.forEach((value, i) => {
    const got = actual[i] as number;
    const fine =
      Object.is(got, value) || got === value || Math.abs(got - value) <= tolerance * (1 + Math.abs(value));
    if (!fine) expect.fail(`element ${i} is ${got} rather than ${value}: ${what}`);
  });
}

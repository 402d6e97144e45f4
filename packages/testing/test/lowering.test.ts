// Programs against the oracle: whatever is computed, what lowering makes of it must come to the same.

import { cpu } from '@neurite/backend-cpu';
import {
  type Backend,
  type Capabilities,
  evaluate,
  lower,
  type NumberArray,
  type Program,
  printProgram,
  sizeOf,
  type Tensor,
  verifyProgram,
} from '@neurite/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeComputation, nameOf, planArbitrary, type RandomComputation } from './randomComputation.ts';

const backend = cpu();
const interpreter = cpu({ codeGeneration: 'never' });

/** What each output and each state is after `runs` runs, by the oracle. */
function expectedNumbers(
  { computation, values }: RandomComputation,
  runs: number,
): Record<string, NumberArray> {
  const outputs = Object.entries(computation.outputs ?? {});
  const updates = [...(computation.updates ?? new Map<Tensor, Tensor>())];
  let now: Record<string, ArrayLike<number>> = { ...values };
  let results: NumberArray[] = [];
  for (let run = 0; run < runs; run++) {
    results = evaluate([...outputs.map(([, tensor]) => tensor), ...updates.map(([, value]) => value)], now);
    const next = updates.map(([state], i) => [nameOf(state), results[outputs.length + i] as NumberArray]);
    now = { ...now, ...Object.fromEntries(next) };
  }
  const names = [...outputs.map(([name]) => name), ...updates.map(([state]) => nameOf(state))];
  return Object.fromEntries(names.map((name, i) => [name, results[i] as NumberArray]));
}

async function actualNumbers(
  program: Program,
  on: Backend,
  values: RandomComputation['values'],
  names: readonly string[],
  runs: number,
): Promise<Record<string, NumberArray>> {
  const executable = await on.compile(program);
  for (const [name, numbers] of Object.entries(values)) {
    const region = program.names[name];
    if (!region) continue; // nothing depends on it
    const whole = await executable.read(region.buffer);
    const typed = whole.slice(0, numbers.length);
    typed.set(numbers);
    executable.write(region.buffer, typed, region.offset);
  }
  await executable.run(runs);
  const results: Record<string, NumberArray> = {};
  for (const name of names) {
    const { buffer, offset, shape } = program.names[name] as Program['names'][string];
    results[name] = await executable.read(buffer, offset, sizeOf(shape));
  }
  executable.release();
  return results;
}

function expectSame(
  actual: Record<string, NumberArray>,
  expected: Record<string, NumberArray>,
  { exact }: RandomComputation,
  tolerance: number,
): void {
  for (const [name, numbers] of Object.entries(expected)) {
    const got = actual[name] as NumberArray;
    expect(got.constructor, name).toBe(numbers.constructor);
    const allowed = exact.has(name) ? 0 : tolerance;
    numbers.forEach((value, i) => {
      const difference = Math.abs((got[i] as number) - value);
      if (!(difference <= allowed * (1 + Math.abs(value)))) {
        throw new Error(`element ${i} of ${name} is ${got[i]}, not ${value}`);
      }
    });
  }
}

const tolerance = { float32: 1e-5, float64: 1e-12 };
const places: readonly (readonly [string, Backend, boolean, number])[] = [
  ['in place', backend, true, 300],
  ['into other buffers', backend, false, 200],
  ['in place, interpreted', interpreter, true, 100],
];

it.each(places)(
  'programs that update %s compute what the oracle computes',
  async (_, on, inPlace, numRuns) => {
    const capabilities: Capabilities = { ...on.capabilities, inPlace };
    await fc.assert(
      fc.asyncProperty(planArbitrary, async (plan) => {
        const random = makeComputation(plan);
        const expected = expectedNumbers(random, plan.runs);
        const program = lower(random.computation, capabilities);
        try {
          verifyProgram(program);
          const actual = await actualNumbers(program, on, random.values, Object.keys(expected), plan.runs);
          expectSame(actual, expected, random, tolerance[plan.dtype]);
        } catch (error) {
          throw new Error(`${(error as Error).message} in\n${printProgram(program)}`, { cause: error });
        }
      }),
      { numRuns, seed: 1 },
    );
  },
);

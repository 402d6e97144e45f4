// Programs against the oracle: whatever is computed, what lowering makes of it must come to the same, where kernels may
// work in place and where they may not, in generated code and interpreted.
import { cpu } from '@neurite/backend-cpu';
import { type Backend, lower, type NumberArray, printProgram } from '@neurite/core';
import fc from 'fast-check';
import { it } from 'vitest';
import { evaluateSteps, requireClose, runComputation } from '../src/index.ts';
import { makeComputation, type Plan, planArbitrary } from './random/computation.ts';

/** `backend`, as it would be if kernels might not read and write one buffer. */
const withoutInPlace = (backend: Backend): Backend => ({
  ...backend,
  capabilities: { ...backend.capabilities, inPlace: false },
});
const tolerance = { float32: 1e-5, float64: 1e-12 };

async function checkPlan(plan: Plan, backend: Backend): Promise<void> {
  const { computation, values, exact } = makeComputation(plan);
  const expected = evaluateSteps(computation, values, plan.runs);
  try {
    const actual = await runComputation(backend, computation, values, plan.runs);
    for (const [name, numbers] of Object.entries(expected)) {
      requireClose(actual[name] as NumberArray, numbers, exact.has(name) ? 0 : tolerance[plan.dtype], name);
    }
  } catch (error) {
    const program = printProgram(lower(computation, backend.capabilities));
    throw new Error(`${(error as Error).message}, in\n${program}`, { cause: error });
  }
}

it.each([
  ['in place', cpu(), 400],
  ['into other buffers', withoutInPlace(cpu()), 250],
  ['in place, interpreted', cpu({ codeGeneration: 'never' }), 100],
] as const)('programs that update %s compute what the oracle computes', async (_, backend, numRuns) => {
  await fc.assert(
    fc.asyncProperty(planArbitrary, (plan) => checkPlan(plan, backend)),
    { numRuns, seed: 1 },
  );
});

// The judge of backends: what every backend must do, as cases for any test runner.
import type { Backend } from '@neurite/core';
import type { SuiteCase } from './suite/case.ts';
import { elementwiseCases } from './suite/elementwise.ts';
import { executableCases } from './suite/executables.ts';
import { fusedCases } from './suite/fused.ts';
import { gatherCases, productCases, reductionCases } from './suite/reductions.ts';
import { trainingCases } from './suite/trainings.ts';

/**
 * Cases that throw unless a backend computes what core's oracle computes: every operation, fused programs that are drawn
 * by lot, state over many steps, whole trainings; and unless its executables keep the rules of writing, sharing and
 * releasing.
 *
 * @param make a new backend: each case has one of its own.
 * @param options `tolerance`: how far float32 results may be off, times 1 + |x|. 1e-5.
 * @example
 * for (const { name, run } of backendSuite(() => wasm())) it(name, run);
 */
export function backendSuite(
  make: () => Backend,
  { tolerance = 1e-5 }: { readonly tolerance?: number } = {},
): SuiteCase[] {
  const context = { make, tolerance };
  return [
    elementwiseCases,
    reductionCases,
    productCases,
    gatherCases,
    fusedCases,
    trainingCases,
    executableCases,
  ].flatMap((part) => part(context));
}

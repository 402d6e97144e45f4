// Programs in which everything meets everything.
import { checkComputation } from '../runComputation.ts';
import { backendCase, type SuiteCase, type SuiteContext } from './case.ts';
import { drawComputation } from './drawComputation.ts';

/** Computations of a case: each case is worth its line in a report. */
const each = 10;

export function fusedCases(context: SuiteContext): SuiteCase[] {
  const test = backendCase(context);
  return Array.from({ length: 8 }, (_, i) =>
    test(`computes what was drawn by lot: ${i * each} … ${(i + 1) * each - 1}`, async (backend) => {
      for (let seed = i * each; seed < (i + 1) * each; seed++) {
        const { computation, values, steps } = drawComputation(seed);
        await checkComputation(backend, computation, values, { steps, tolerance: context.tolerance * 3 });
      }
    }),
  );
}

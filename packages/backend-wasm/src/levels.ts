// How far out of the loops each value of a kernel's formulas can be computed.
import {
  type Affine,
  type Expression,
  NeuriteError,
  operandsOf,
  type Use,
  visitExpressions,
} from '@neurite/core/program';
import type { Addresses } from './addresses.ts';

/** Once, once for each row, or at each element. */
export const Level = { Kernel: 0, Row: 1, Element: 2 } as const;
export type Level = (typeof Level)[keyof typeof Level];

/** The level of every expression, operands before what is made of them. */
export function levelsOf(
  roots: readonly Expression[],
  uses: readonly Use[],
  addresses: Addresses,
): Map<Expression, Level> {
  const written = new Set(uses.flatMap(({ access, buffer }) => (access === 'read' ? [] : [buffer])));
  const levels = new Map<Expression, Level>();
  const ofView = (view: Affine): Level => {
    if (addresses.innerStride(view) !== 0) return Level.Element;
    return view.strides.some((stride) => stride !== 0) ? Level.Row : Level.Kernel;
  };
  const levelOf = (expression: Expression): Level => {
    const below = operandsOf(expression).map((operand) => levels.get(operand) as Level);
    switch (expression.kind) {
      case 'read': {
        const use = uses[expression.use] as Use;
        const level = ofView(use.view);
        // What is read everywhere and written by the same kernel has but one element.
        return level !== Level.Kernel && written.has(use.buffer) ? Level.Element : level;
      }
      case 'coordinate':
        return ofView(expression.index);
      case 'random':
        if (below[0] === Level.Kernel) return Level.Element;
        throw new NeuriteError('internal', 'the step of a random number changes within a kernel');
      case 'accumulator':
      case 'within':
        return Level.Element;
      default:
        return Math.max(Level.Kernel, ...below) as Level;
    }
  };
  visitExpressions(roots, (expression) => {
    levels.set(expression, levelOf(expression));
  });

  // What is read in a branch that may not be taken stays there.
  const branches = [...levels.keys()].flatMap((expression) =>
    expression.kind === 'within' ? [expression.inside, expression.outside] : [],
  );
  visitExpressions(branches, (expression) => {
    if (expression.kind !== 'constant') levels.set(expression, Level.Element);
  });
  return levels;
}

// Decides where each node of a kernel's formulas is computed: once, as far out of the loops as it can be.
import { type Expression, operandsOf, type Use } from '@neurite/core/program';
import { type Block, block, commonBlock } from './block.ts';
import { formOf } from './operations.ts';

/** A formula and the block in which its value is wanted. */
export interface Root {
  readonly expression: Expression;
  readonly block: Block;
}

export interface Place {
  readonly block: Block;
  /** Whether the value gets a name, because it is used more than once or computed further out than it is used. */
  readonly named: boolean;
  /** Blocks of a choice. */
  readonly inside: Block;
  readonly outside: Block;
}

/** What a value depends on. */
interface Needs {
  readonly axes: ReadonlySet<number>;
  readonly accumulator: boolean;
  /** Reads what the kernel overwrites: to be computed where it is wanted. */
  readonly pinned: boolean;
}

/** @param pinned whether a read of this use must stay where it is. */
export function placeExpressions(
  roots: readonly Root[],
  uses: readonly Use[],
  pinned: (use: number) => boolean,
): ReadonlyMap<Expression, Place> {
  const needs = new Map<Expression, Needs>();
  const visit = (expression: Expression): Needs => {
    const known = needs.get(expression);
    if (known) return known;
    const operands = operandsOf(expression).map(visit);
    const own: Needs = {
      axes: new Set([...operands.flatMap(({ axes }) => [...axes]), ...ownAxes(expression, uses)]),
      accumulator: expression.kind === 'accumulator' || operands.some(({ accumulator }) => accumulator),
      pinned:
        (expression.kind === 'read' && pinned(expression.use)) || operands.some((operand) => operand.pinned),
    };
    needs.set(expression, own); // after its operands: the order of the map is from the leaves up
    return own;
  };
  for (const { expression } of roots) visit(expression);

  const wanted = new Map<Expression, { block: Block; times: number }>();
  const want = (expression: Expression, where: Block, times = 1): void => {
    const known = wanted.get(expression);
    wanted.set(expression, {
      block: known ? commonBlock(known.block, where) : where,
      times: (known?.times ?? 0) + times,
    });
  };
  for (const root of roots) want(root.expression, root.block);

  const places = new Map<Expression, Place>();
  for (const expression of [...needs.keys()].reverse()) {
    const { block: where, times } = wanted.get(expression) as { block: Block; times: number };
    const home = outermost(where, needs.get(expression) as Needs);
    const inside = block(home, { branch: true });
    const outside = block(home, { branch: true });
    const trivial = expression.kind === 'constant' || expression.kind === 'accumulator';
    const named = !trivial && (times > 1 || home !== where);
    places.set(expression, { block: home, named, inside, outside });
    if (expression.kind === 'within') {
      want(expression.inside, inside);
      want(expression.outside, outside);
    } else if (expression.kind === 'random') {
      want(expression.step, outermost(home, { axes: new Set(), accumulator: false, pinned: false }, true));
    } else {
      const repeats = expression.kind === 'operation' && formOf(expression.operation)?.repeats;
      for (const operand of operandsOf(expression)) want(operand, home, repeats ? 2 : 1);
    }
  }
  return places;
}

/** @param leavesBranches for what is the same in every branch. */
function outermost(from: Block, { axes, accumulator, pinned }: Needs, leavesBranches = false): Block {
  let current = from;
  while (
    current.parent &&
    !pinned &&
    (leavesBranches || !current.branch) &&
    !(accumulator && current.accumulates) &&
    !current.axes.some((axis) => axes.has(axis))
  ) {
    current = current.parent;
  }
  return current;
}

function ownAxes(expression: Expression, uses: readonly Use[]): number[] {
  switch (expression.kind) {
    case 'read':
      return movingAxes(uses[expression.use]?.view.strides ?? []);
    case 'coordinate':
    case 'within':
      return movingAxes(expression.index.strides);
    case 'random':
      return movingAxes(expression.element.strides);
    default:
      return [];
  }
}

const movingAxes = (strides: readonly number[]): number[] =>
  strides.flatMap((stride, axis) => (stride === 0 ? [] : [axis]));

// The scalar formula inside a kernel. Plain data: each backend prints it in its own language.
import type { Affine } from '../scalar/affine.ts';
import type { DType } from '../scalar/dtype.ts';
import type { ScalarOperation } from '../scalar/operations.ts';

/**
 * A formula for one element. Nodes may be shared: what is the same object is the same value, to be computed once. `select`
 * and `within` choose: a read in the branch that is not taken may lie outside its buffer and must not be executed, or its
 * result must not matter.
 */
export type Expression =
  | { readonly kind: 'constant'; readonly dtype: DType; readonly value: number }
  /** The element of `uses[use]` at the kernel's counters. */
  | { readonly kind: 'read'; readonly dtype: DType; readonly use: number }
  /** What the kernel's own sum, maximum, product or chosen row came to. */
  | { readonly kind: 'accumulator'; readonly dtype: DType }
  /** The value of `index`: a coordinate. */
  | { readonly kind: 'coordinate'; readonly dtype: 'int32'; readonly index: Affine }
  /** A 24-bit integer: random24(stream, step, element). */
  | {
      readonly kind: 'random';
      readonly dtype: 'int32';
      readonly stream: readonly [high: number, low: number];
      readonly step: Expression;
      readonly element: Affine;
    }
  /** low ≤ index < high ? inside : outside. */
  | {
      readonly kind: 'within';
      readonly dtype: DType;
      readonly index: Affine;
      readonly low: number;
      readonly high: number;
      readonly inside: Expression;
      readonly outside: Expression;
    }
  | {
      readonly kind: 'operation';
      readonly dtype: DType;
      readonly operation: ScalarOperation;
      readonly operands: readonly Expression[];
    };

/** The expressions that `expression` is directly made of. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'operation':
      return expression.operands;
    case 'within':
      return [expression.inside, expression.outside];
    case 'random':
      return [expression.step];
    default:
      return [];
  }
}

/** Calls `visit` once with each distinct node below and including `expressions`, operands first. */
export function visitExpressions(
  expressions: readonly Expression[],
  visit: (expression: Expression) => void,
): void {
  const seen = new Set<Expression>();
  const walk = (expression: Expression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    operandsOf(expression).forEach(walk);
    visit(expression);
  };
  expressions.forEach(walk);
}

/**
 * `expressions` with each node replaced by what `replace` makes of it, operands first; shared nodes stay shared, and a node
 * below which nothing changes is the same object.
 */
export function mapExpressions(
  expressions: readonly Expression[],
  replace: (expression: Expression) => Expression,
): Expression[] {
  const done = new Map<Expression, Expression>();
  const walk = (expression: Expression): Expression => {
    const known = done.get(expression);
    if (known) return known;
    const result = replace(withOperands(expression, operandsOf(expression).map(walk)));
    done.set(expression, result);
    return result;
  };
  return expressions.map(walk);
}

function withOperands(expression: Expression, operands: readonly Expression[]): Expression {
  if (operandsOf(expression).every((operand, i) => operand === operands[i])) return expression;
  switch (expression.kind) {
    case 'operation':
      return { ...expression, operands };
    case 'within':
      return { ...expression, inside: operands[0] as Expression, outside: operands[1] as Expression };
    case 'random':
      return { ...expression, step: operands[0] as Expression };
    default:
      return expression;
  }
}

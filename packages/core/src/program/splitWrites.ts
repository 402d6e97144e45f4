// For backends whose kernels have one result: a kernel that writes to several buffers becomes several kernels.

import type { Scratch } from './capabilities.ts';
import { type Expression, mapExpressions, operandsOf, visitExpressions } from './expression.ts';
import { mapPart, newPlace, withOutput } from './parts.ts';
import type { Kernel, Use } from './program.ts';

/** A use that is written, and the formula for it. */
interface Target {
  readonly use: number;
  readonly output: Expression;
}

/**
 * `kernel` as kernels that write once each. A sum, product or chosen row is computed once, with as much of the formulas as
 * all of them have in common, and handed to the others; what is cheap they compute again.
 */
export function splitWrites(kernel: Kernel, scratch: Scratch): Kernel[] {
  const written = [...kernel.uses.keys()].filter((use) => kernel.uses[use]?.access !== 'read');
  const targets = written.map((use, i): Target => ({ use, output: kernel.outputs[i] as Expression }));
  if (kernel.kind === 'map') return splitMap(kernel, kernel.uses, targets, scratch);

  const value = commonValue(kernel);
  const own = targets.find(({ output }) => output === value);
  const others = targets.filter((target) => target !== own);
  // It goes straight to its own place, unless others want the numbers that were there.
  const isFree = own && !others.some(({ output }) => reads(output, own.use, value));
  const place = isFree ? (kernel.uses[own.use] as Use) : newPlace(scratch, value.dtype, kernel.shape);
  const uses: Use[] = [...kernel.uses, { ...place, access: 'read' }];
  const read: Expression = { kind: 'read', dtype: value.dtype, use: kernel.uses.length };
  const rest = isFree ? others : targets;
  const outputs = mapExpressions(
    rest.map(({ output }) => output),
    (expression) => (expression === value ? read : expression),
  );
  const remaining = rest.map(({ use }, i) => ({ use, output: outputs[i] as Expression }));
  return [withOutput(kernel, kernel.uses, value, place), ...splitMap(kernel, uses, remaining, scratch)];
}

/** One map for each target, in an order in which each reads what it needs before another overwrites it. */
function splitMap(
  kernel: Kernel,
  uses: readonly Use[],
  targets: readonly Target[],
  scratch: Scratch,
): Kernel[] {
  const part = ({ use, output }: Target, place = uses[use] as Use): Kernel =>
    mapPart(kernel, kernel.shape, uses, output, place);
  const parts: Kernel[] = [];
  const copies: Kernel[] = [];
  let remaining = targets;
  while (remaining.length > 0) {
    const free = remaining.find((target) =>
      remaining.every((other) => other === target || !reads(other.output, target.use)),
    );
    const next = free ?? (remaining[0] as Target);
    if (free) parts.push(part(free));
    else {
      // Each overwrites what another reads: this one is computed aside, and put in its place last.
      const aside = newPlace(scratch, next.output.dtype, kernel.shape);
      parts.push(part(next, aside));
      const read: Expression = { kind: 'read', dtype: next.output.dtype, use: 0 };
      copies.push(mapPart(kernel, kernel.shape, [aside], read, uses[next.use] as Use));
    }
    remaining = remaining.filter((target) => target !== next);
  }
  return [...parts, ...copies];
}

/** Whether `expression` reads a use, apart from what `except` is made of. */
function reads(expression: Expression, use: number, except?: Expression): boolean {
  if (expression === except) return false;
  if (expression.kind === 'read') return expression.use === use;
  return operandsOf(expression).some((operand) => reads(operand, use, except));
}

/** The last value on the way from the kernel's sum, product or row that all of its formulas go through. */
function commonValue({ outputs }: Kernel): Expression {
  const users = new Map<Expression, Set<Expression>>();
  let accumulator: Expression | undefined;
  visitExpressions(outputs, (expression) => {
    if (expression.kind === 'accumulator') accumulator = expression;
    for (const operand of operandsOf(expression)) {
      users.set(operand, (users.get(operand) ?? new Set()).add(expression));
    }
  });
  let common = accumulator ?? (outputs[0] as Expression);
  while (!outputs.includes(common)) {
    const [user, another] = users.get(common) ?? [];
    if (!user || another) break;
    common = user;
  }
  return common;
}

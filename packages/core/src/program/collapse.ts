// Fewer, longer loops: neighbouring axes that every view runs through without a gap become one.
import type { Affine } from '../scalar/affine.ts';
import { type Expression, mapExpressions, visitExpressions } from './expression.ts';
import { type Kernel, kernelExpressions } from './program.ts';

/** The same kernel over as few loops as its views allow. */
export function collapseAxes(kernel: Kernel): Kernel {
  if (kernel.kind === 'matmul') return kernel;
  const rank = kernel.shape.length;
  const over = kernel.kind === 'reduce' ? kernel.over : [];
  const sizes = [...kernel.shape, ...over];

  const views: Affine[] = kernel.uses.map((use) => use.view);
  visitExpressions(kernelExpressions(kernel), (expression) => {
    if (expression.kind === 'coordinate' || expression.kind === 'within') views.push(expression.index);
    if (expression.kind === 'random') views.push(expression.element);
  });

  // Axes of size 1 go, but for the one that picks a gather's row and a last one to reduce over.
  const lone = kernel.kind === 'reduce' && over.every((size) => size === 1) ? sizes.length - 1 : -1;
  const axes = sizes.flatMap((size, axis) =>
    size > 1 || axis === lone || (kernel.kind === 'gather' && axis === 0) ? [axis] : [],
  );
  // Lists of axes that become one each; loops over results and loops that are reduced over stay apart.
  const groups: number[][] = [];
  for (const axis of axes) {
    const outer = groups.at(-1)?.at(-1);
    const apart =
      outer === undefined || outer < rank !== axis < rank || (kernel.kind === 'gather' && outer === 0);
    if (!apart && joins(outer, axis, sizes[axis] as number, views)) groups.at(-1)?.push(axis);
    else groups.push([axis]);
  }
  const isResult = (group: readonly number[]): boolean => (group[0] as number) < rank;
  const sizeOfGroup = (group: readonly number[]): number =>
    group.reduce((n, axis) => n * (sizes[axis] as number), 1);

  const recount = (view: Affine): Affine => ({
    offset: view.offset,
    strides: groups.flatMap((group) => view.strides[group.at(-1) as number] ?? []),
  });
  const replace = (expression: Expression): Expression => {
    switch (expression.kind) {
      case 'coordinate':
      case 'within':
        return { ...expression, index: recount(expression.index) };
      case 'random':
        return { ...expression, element: recount(expression.element) };
      default:
        return expression;
    }
  };
  const [first, ...rest] = mapExpressions(kernelExpressions(kernel), replace);
  const shape = groups.filter(isResult).map(sizeOfGroup);
  const uses = kernel.uses.map((use) => ({ ...use, view: recount(use.view) }));
  switch (kernel.kind) {
    case 'reduce':
      return {
        ...kernel,
        shape,
        uses,
        over: groups.filter((group) => !isResult(group)).map(sizeOfGroup),
        input: first as Expression,
        outputs: rest,
      };
    case 'gather':
      return { ...kernel, shape, uses, row: first as Expression, outputs: rest };
    default:
      return { ...kernel, shape, uses, outputs: first ? [first, ...rest] : [] };
  }
}

/** Whether every view goes on from the end of one step of `outer` to the next without a gap over `inner`. */
const joins = (outer: number, inner: number, innerSize: number, views: readonly Affine[]): boolean =>
  views.every(
    ({ strides }) => inner >= strides.length || strides[outer] === (strides[inner] as number) * innerSize,
  );

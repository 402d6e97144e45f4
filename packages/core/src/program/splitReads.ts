// For backends whose kernels take few buffers: parts of a formula are computed before, by kernels of their own.
import { NeuriteError } from '../errors.ts';
import type { Shape } from '../scalar/shape.ts';
import type { Scratch } from './capabilities.ts';
import { type Expression, operandsOf } from './expression.ts';
import { changeExpressions, mapPart, newPlace, operandUses, withOutput } from './parts.ts';
import { type Kernel, kernelExpressions, type Use } from './program.ts';

type Choice = Expression & { readonly kind: 'within' };

/** A part of a formula that could be computed before. */
interface Candidate {
  readonly expression: Expression;
  /** The choices, outermost first, whose inner branch it is in: elsewhere its reads may lie outside their buffers. */
  readonly choices: readonly Choice[];
  readonly places: number;
}

/** `kernel`, which writes once, as kernels that read at most `limit` places each. */
export function splitReads(kernel: Kernel, limit: number, scratch: Scratch): Kernel[] {
  const placesOf = (roots: readonly Expression[], more: readonly number[] = []): number =>
    new Set([...more, ...roots.flatMap(usesOf)].map((use) => scratch.placeOf(kernel.uses[use] as Use))).size;
  const roots = kernelExpressions(kernel);
  if (placesOf(roots, operandUses(kernel)) <= limit) return [kernel];

  const target = kernel.uses.find(({ access }) => access !== 'read') as Use;
  /** Replaces `value`, which `first` computes and writes to `place`, in `kernel`. */
  const reading = (value: Expression, place: Use, view: Use['view']): [Kernel, Use[]] => {
    const read: Expression = { kind: 'read', dtype: value.dtype, use: kernel.uses.length };
    const uses: Use[] = [...kernel.uses, { ...place, access: 'read', view }];
    return [changeExpressions(kernel, (expression) => (expression === value ? read : expression)), uses];
  };

  for (const [i, root] of roots.entries()) {
    const best = candidates(root)
      .map((candidate) => ({ ...candidate, places: placesOf([candidate.expression]) }))
      .filter(({ places }) => places > 1 && places <= limit)
      .reduce<Candidate | undefined>((a, b) => (a && a.places >= b.places ? a : b), undefined);
    if (!best) continue;
    const loops = loopsOf(kernel, i);
    const place = newPlace(scratch, best.expression.dtype, loops);
    const first = mapPart(kernel, loops, kernel.uses, guarded(best), place);
    const [rest, uses] = reading(best.expression, place, viewOf(kernel, i, place));
    const output = rest.outputs[0] as Expression;
    return [first, ...splitReads(withOutput(rest, uses, output, target), limit, scratch)];
  }

  const accumulator = roots.flatMap(nodesOf).find(({ kind }) => kind === 'accumulator');
  const output = kernel.outputs[0] as Expression;
  if (!accumulator || accumulator === output)
    throw new NeuriteError('internal', `a kernel cannot do with ${limit} buffers: ${kernel.label}`);
  // The sum, product or row by itself, and then what is made of it.
  const place = newPlace(scratch, accumulator.dtype, kernel.shape);
  const first = withOutput(kernel, kernel.uses, accumulator, place);
  const [rest, uses] = reading(accumulator, place, place.view);
  const map = mapPart(kernel, kernel.shape, uses, rest.outputs[0] as Expression, target);
  return [first, ...splitReads(map, limit, scratch)];
}

/** All nodes below and including `root`. */
function nodesOf(root: Expression): Expression[] {
  const seen = new Set<Expression>();
  const walk = (expression: Expression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    operandsOf(expression).forEach(walk);
  };
  walk(root);
  return [...seen];
}

const usesOf = (root: Expression): number[] =>
  nodesOf(root).flatMap((expression) => (expression.kind === 'read' ? [expression.use] : []));

/** The proper parts of `root` that do not need the accumulator and stand behind the same choices wherever they stand. */
function candidates(root: Expression): Omit<Candidate, 'places'>[] {
  const found = new Map<Expression, readonly Choice[] | 'several'>();
  const walk = (expression: Expression, choices: readonly Choice[]): void => {
    const known = found.get(expression);
    if (known === 'several') return;
    if (known) {
      const same = known.length === choices.length && known.every((choice, i) => choice === choices[i]);
      if (same) return;
    }
    found.set(expression, known ? 'several' : choices);
    if (expression.kind === 'within') {
      walk(expression.inside, [...choices, expression]);
      walk(expression.outside, choices);
    } else for (const operand of operandsOf(expression)) walk(operand, choices);
  };
  walk(root, []);
  return [...found].flatMap(([expression, choices]) => {
    if (expression === root || choices === 'several') return [];
    return nodesOf(expression).some(({ kind }) => kind === 'accumulator') ? [] : [{ expression, choices }];
  });
}

/** The formula of a candidate by itself: 0 where it is not wanted. */
const guarded = ({ expression, choices }: Candidate): Expression =>
  choices.reduceRight<Expression>(
    (inside, choice) => ({
      ...choice,
      dtype: expression.dtype,
      inside,
      outside: { kind: 'constant', dtype: expression.dtype, value: 0 },
    }),
    expression,
  );

/** The loops around the root of this number in `kernelExpressions`. */
const loopsOf = (kernel: Kernel, root: number): Shape =>
  kernel.kind === 'reduce' && root === 0 ? [...kernel.shape, ...kernel.over] : kernel.shape;

/** Where a root of `kernel` finds what was computed at each place of its loops; the row of a gather, by the first counter alone. */
const viewOf = (kernel: Kernel, root: number, { view }: Use): Use['view'] =>
  kernel.kind === 'gather' && root === 0
    ? { ...view, strides: view.strides.map((stride, axis) => (axis === 0 ? stride : 0)) }
    : view;

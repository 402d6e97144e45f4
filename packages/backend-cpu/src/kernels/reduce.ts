// Sums, maxima and places of maxima.
import type { Expression, ReduceKernel, Use } from '@neurite/core/program';
import { visitExpressions } from '@neurite/core/program';
import { type Block, block, counterName, printBlock } from '../block.ts';
import { accumulatorName, Formulas } from '../expressions.ts';
import { type Nest, nest, printLoops, printNest } from '../nest.ts';
import type { Workspace } from '../workspace.ts';

export function emitReduce(kernel: ReduceKernel, workspace: Workspace): string {
  return kernel.reduction !== 'argmax' && walksAcross(kernel)
    ? emitRows(kernel, workspace)
    : emitElements(kernel, workspace);
}

const start = (kernel: ReduceKernel): string => (kernel.reduction === 'sum' ? '0' : '-Infinity');

/** A statement that takes `value` into `total`. NaN stays; of equals the first counts. */
function take(kernel: ReduceKernel, total: string, value: string): string {
  switch (kernel.reduction) {
    case 'sum':
      return `${total} += ${value};`;
    case 'max':
      return `if (${value} > ${total} || ${value} !== ${value}) ${total} = ${value};`;
    case 'argmax':
      return `if (${value} > best || ${value} !== ${value}) { best = ${value}; ${total} = ${counterName(kernel.shape.length)}; }`;
    default:
      return kernel.reduction satisfies never;
  }
}

const roots = (
  kernel: ReduceKernel,
  input: Block,
  output: Block,
): { expression: Expression; block: Block }[] => [
  { expression: kernel.input, block: input },
  ...kernel.outputs.map((expression) => ({ expression, block: output })),
];

/** Each result by itself, in variables. */
function emitElements(kernel: ReduceKernel, workspace: Workspace): string {
  const loops = nest(kernel.shape);
  const over = nest(kernel.over, loops.inner, kernel.shape.length);
  const result = block(loops.inner, { accumulates: true });
  const formulas = new Formulas(kernel, workspace, roots(kernel, over.inner, result));
  const value = formulas.value(kernel.input);
  const text =
    kernel.reduction === 'sum'
      ? printSums(over, value)
      : [
          `let ${accumulatorName} = ${kernel.reduction === 'max' ? start(kernel) : '0, best = -Infinity'};`,
          printLoops(over, take(kernel, accumulatorName, formulas.name(value, over.inner))),
        ].join('\n');
  return printNest(loops, [text, printBlock(result, formulas.store(result))].join('\n'));
}

/** Numbers of terms that do not wait for each other: an addition takes several cycles. */
const chains = 4;

/** The sum of `value` over loops, in several chains of additions. */
function printSums(over: Nest, value: string): string {
  const last = over.sizes.length - 1;
  const size = over.sizes[last] as number;
  const counter = counterName(over.first + last);
  if (size < 2 * chains) {
    return `let ${accumulatorName} = 0;\n${printLoops(over, `${accumulatorName} += ${value};`)}`;
  }
  const add = (chain: number): string => printBlock(over.inner, `${accumulatorName}${chain} += ${value};`);
  const whole = size - (size % chains);
  const sums = Array.from({ length: chains }, (_, chain) => `${accumulatorName}${chain}`);
  const steps = sums.map((_, chain) => `{\nconst ${counter} = from + ${chain};\n${add(chain)}\n}`);
  const inner = [
    `for (let from = 0; from < ${whole}; from += ${chains}) {\n${steps.join('\n')}\n}`,
    `for (let ${counter} = ${whole}; ${counter} < ${size}; ${counter}++) {\n${add(0)}\n}`,
  ];
  const outer = { ...over, sizes: over.sizes.slice(0, last) };
  return [
    `let ${sums.map((sum) => `${sum} = 0`).join(', ')};`,
    printLoops(outer, inner.join('\n')),
    `const ${accumulatorName} = ${sums.join(' + ')};`,
  ].join('\n');
}

/** Whether memory lies along the last axis of the results rather than along what is reduced. */
function walksAcross(kernel: ReduceKernel): boolean {
  const rank = kernel.shape.length;
  if (rank === 0) return false;
  let across = 0;
  visitExpressions([kernel.input], (expression) => {
    if (expression.kind !== 'read') return;
    const { strides } = (kernel.uses[expression.use] as Use).view;
    const [result, reduced] = [strides[rank - 1] ?? 0, strides.at(-1) ?? 0].map(Math.abs) as [number, number];
    if (result !== reduced) across += reduced === 0 || (result !== 0 && result < reduced) ? 1 : -1;
  });
  return across > 0;
}

/** A row of results at a time, in an array: rows of the input are walked in order and added to it. */
function emitRows(kernel: ReduceKernel, workspace: Workspace): string {
  const rank = kernel.shape.length;
  const size = kernel.shape[rank - 1] as number;
  const loops = nest(kernel.shape.slice(0, -1));
  const over = nest(kernel.over, loops.inner, rank);
  const along = nest([size], over.inner, rank - 1);
  const results = nest([size], loops.inner, rank - 1);
  const result = block(results.inner, { accumulates: true });
  const formulas = new Formulas(kernel, workspace, roots(kernel, along.inner, result));
  const totals = workspace.take(size);
  const counter = counterName(rank - 1);
  const value = formulas.value(kernel.input);
  const simple = kernel.reduction === 'sum' ? value : formulas.name(value, along.inner);
  const sums = printLoops(over, printLoops(along, take(kernel, `${totals}[${counter}]`, simple)));
  result.lines.unshift(`const ${accumulatorName} = ${totals}[${counter}];`);
  const body = printBlock(result, formulas.store(result));
  const fill = `for (let ${counter} = 0; ${counter} < ${size}; ${counter}++) ${totals}[${counter}] = ${start(kernel)};`;
  return printNest(loops, [fill, sums, printLoops(results, body)].join('\n'));
}

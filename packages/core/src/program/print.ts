// A program in a form that a person can read.
import type { Affine } from '../scalar/affine.ts';
import { byteSize } from '../scalar/dtype.ts';
import { type Expression, operandsOf, visitExpressions } from './expression.ts';
import { type Kernel, kernelExpressions, type Program, type Use } from './program.ts';

const counters = 'ijklmnop';
const infix: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  pow: '**',
  equal: '==',
  notEqual: '!=',
  less: '<',
  lessEqual: '<=',
  greater: '>',
  greaterEqual: '>=',
};

/** Kernels in order with their formulas, then the buffers and the memory that they take. */
export function printProgram(program: Program): string {
  const { kernels, buffers } = program;
  const name = (id: number): string => buffers[id]?.name ?? `buffer ${id}`;
  const lines = kernels.flatMap((kernel, i) => [
    `${i} ${heading(kernel)}`,
    ...body(kernel, name).map((line) => `    ${line}`),
  ]);
  const table = buffers.map(
    ({ name, home, dtype, length, offset, live }) =>
      `  ${name}: ${home} ${dtype}[${length}]${home === 'scratch' ? ` at byte ${offset}, live ${live[0]}…${live[1]}` : ''}`,
  );
  const bytes = buffers.reduce(
    (sum, { home, dtype, length }) => sum + (home === 'scratch' ? 0 : length * byteSize(dtype)),
    0,
  );
  return [
    ...lines,
    `${kernels.length} kernels, ${buffers.length} buffers: ${bytes} bytes named, ${program.scratchBytes} bytes of scratch`,
    ...table,
  ].join('\n');
}

function heading(kernel: Kernel): string {
  const sizes = kernel.shape.join('×') || '1';
  const what =
    kernel.kind === 'reduce'
      ? `${kernel.reduction} [${sizes}] over [${kernel.over.join('×')}]`
      : kernel.kind === 'matmul'
        ? `matmul [${sizes}] over [${kernel.k}]`
        : `${kernel.kind} [${sizes}]`;
  return `${what}  ${kernel.label}`;
}

/** Formulas, with a line of its own for each that is used more than once. */
function body(kernel: Kernel, name: (id: number) => string): string[] {
  const lines: string[] = [];
  const seen = new Map<Expression, number>();
  visitExpressions(kernelExpressions(kernel), (expression) => {
    for (const operand of operandsOf(expression)) seen.set(operand, (seen.get(operand) ?? 0) + 1);
  });
  for (const output of kernelExpressions(kernel)) seen.set(output, (seen.get(output) ?? 0) + 1);
  const names = new Map<Expression, string>();

  // Programs with a fault are printed too.
  const at = (use: Use | undefined): string =>
    use ? `${name(use.buffer)}[${affine(use.view)}]` : 'a use that is not there';
  const form = (expression: Expression): string => {
    switch (expression.kind) {
      case 'constant':
        return `${expression.value}`;
      case 'read':
        return at(kernel.uses[expression.use]);
      case 'accumulator':
        return kernel.kind === 'reduce' ? kernel.reduction : kernel.kind === 'matmul' ? 'product' : 'row';
      case 'coordinate':
        return affine(expression.index);
      case 'random':
        return `random(${text(expression.step)}, ${affine(expression.element)})`;
      case 'within':
        return `(${expression.low} <= ${affine(expression.index)} < ${expression.high} ? ${text(expression.inside)} : ${text(expression.outside)})`;
      case 'operation': {
        const operands = expression.operands.map(text);
        const sign = infix[expression.operation];
        if (expression.operation === 'cast') return `${expression.dtype}(${operands[0]})`;
        return sign ? `(${operands.join(` ${sign} `)})` : `${expression.operation}(${operands.join(', ')})`;
      }
      default:
        return expression satisfies never;
    }
  };
  const text = (expression: Expression): string => {
    const known = names.get(expression);
    if (known) return known;
    const shared = (seen.get(expression) ?? 0) > 1 && operandsOf(expression).length > 0;
    if (!shared) return form(expression);
    const formula = form(expression);
    const variable = `v${names.size}`;
    names.set(expression, variable);
    lines.push(`${variable} = ${formula}`);
    return variable;
  };

  if (kernel.kind === 'matmul') {
    lines.push(`product = ${at(kernel.uses[kernel.left])} · ${at(kernel.uses[kernel.right])}`);
  }
  if (kernel.kind === 'gather')
    lines.push(`row = ${at(kernel.uses[kernel.source])} with i = ${text(kernel.row)}`);
  if (kernel.kind === 'reduce') lines.push(`${kernel.reduction} of ${text(kernel.input)}`);
  const writing = kernel.uses.filter((use) => use.access !== 'read');
  // All formulas are evaluated before anything is written.
  const formulas = kernel.outputs.map(text);
  writing.forEach((use, i) => {
    lines.push(`${at(use)} ${use.access === 'update' ? ':=' : '='} ${formulas[i]}`);
  });
  return lines;
}

/** "784i + j + 3". */
function affine({ offset, strides }: Affine): string {
  const terms = strides.flatMap((stride, axis) =>
    stride === 0 ? [] : [`${stride === 1 ? '' : stride}${counters[axis]}`],
  );
  if (offset !== 0 || terms.length === 0) terms.push(`${offset}`);
  return terms.join(' + ');
}

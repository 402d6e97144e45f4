// A kernel as source for gpu.js: a function of the buffers that it reads, which gives one element of the buffer that it
// writes.
import {
  type Affine,
  type BufferId,
  type Expression,
  type Kernel,
  kernelExpressions,
  NeuriteError,
  type Use,
  visitExpressions,
} from '@neurite/core/program';
import { exact, type Geometry, isFolded, type Limits } from '../geometry.ts';
import { loopsAround, rangeOf } from '../loops.ts';
import { printIndex } from './affine.ts';
import { writeCounters } from './counters.ts';
import { Formulas, type Surroundings } from './formulas.ts';
import { counter, infinity, notANumber, parameter } from './names.ts';
import { writeRoundKeys } from './random.ts';
import { writeReduction } from './reduction.ts';
import { Writer } from './writer.ts';

export interface KernelSource {
  readonly text: string;
  /** Buffers in the order of the function's arguments. */
  readonly reads: readonly BufferId[];
  /** Arguments behind them. */
  readonly numbers: readonly number[];
}

/** Steps of a product's sum that are written out. */
const unrolled = 8;

export function printKernel(
  kernel: Kernel,
  geometryOf: (buffer: BufferId) => Geometry,
  limits: Limits,
): KernelSource {
  const reads: BufferId[] = [];
  const argument = (buffer: BufferId): string => {
    const known = reads.indexOf(buffer);
    return parameter(known >= 0 ? known : reads.push(buffer) - 1);
  };
  const target = kernel.uses.find(({ access }) => access !== 'read') as Use;
  const geometry = geometryOf(target.buffer);
  const form = limits.flat ? 'flat' : isFolded(geometry, limits.side) ? 'folded' : 'rows';
  const writer = new Writer();
  const counters = kernel.shape.map((_, axis) => counter(axis));
  writeCounters(writer, kernel.shape, geometry, form);

  const element = (use: number, at: readonly string[]): string => {
    const { buffer, view } = kernel.uses[use] as Use;
    const name = argument(buffer);
    const { columns, rows } = geometryOf(buffer);
    if (limits.flat) return `${name}[${printIndex(view, at)}]`;
    if (columns * rows <= exact) return `${name}[0][${printIndex(view, at)}]`;
    const [row, column] = split(view, columns);
    const end = Math.max(...[row, column].map((index) => rangeOf(index, loopsAround(kernel, use))[1]));
    return end <= exact
      ? printElement(name, printIndex(row, at), printIndex(column, at), { columns, rows })
      : unreachable(kernel);
  };
  const printElement = (name: string, row: string, column: string, of: Geometry): string =>
    isFolded(of, limits.side) ? `${name}[${row}][0][${column}]` : `${name}[${row}][${column}]`;

  const keys = new Map<Expression, readonly string[]>();
  const surroundings: Surroundings = { writer, element, keys };
  const constants = new Formulas(surroundings, counters);
  visitExpressions(kernelExpressions(kernel), (expression) => {
    if (expression.kind !== 'random') return;
    keys.set(expression, writeRoundKeys(writer, expression.stream, constants.value(expression.step)));
  });

  const accumulate = (): string | undefined => {
    switch (kernel.kind) {
      case 'map':
        return undefined;
      case 'reduce':
        return writeReduction(kernel, surroundings);
      case 'matmul': {
        const [i, j] = counters as [string, string];
        const total = writer.variable('0');
        const add = (p: string): void =>
          writer.line(`${total} += ${element(kernel.left, [i, p])} * ${element(kernel.right, [p, j])};`);
        const whole = kernel.k - (kernel.k % unrolled);
        if (whole > 0) {
          writer.loop(whole / unrolled, (block) => {
            for (let p = 0; p < unrolled; p++) add(writer.name(`${block} * ${unrolled} + ${p}`, 'p'));
          });
        }
        for (let p = whole; p < kernel.k; p++) add(`${p}`);
        return total;
      }
      case 'gather': {
        const { buffer, view } = kernel.uses[kernel.source] as Use;
        const [stride = 0, ...strides] = view.strides;
        const row = writer.name(
          `Math.floor(${new Formulas(surroundings, counters).value(kernel.row)})`,
          'row',
        );
        const name = argument(buffer);
        const of = geometryOf(buffer);
        const rest = printIndex({ offset: view.offset, strides }, counters.slice(1));
        const inRow = of.columns === stride && view.offset === 0;
        if (inRow && !limits.flat) return writer.name(printElement(name, row, rest, of));
        if (!limits.flat && of.columns * of.rows > exact) return unreachable(kernel);
        const place = `${row} * ${stride} + ${rest}`;
        return writer.name(limits.flat ? `${name}[${place}]` : `${name}[0][${place}]`);
      }
      default:
        return kernel satisfies never;
    }
  };
  const formulas = new Formulas(surroundings, counters, accumulate());
  writer.line(`return ${formulas.value(kernel.outputs[0] as Expression)};`);

  const body = `${writer}`;
  const extra = [
    [infinity, Number.POSITIVE_INFINITY],
    [notANumber, Number.NaN],
  ] as const;
  const numbers = extra.filter(([name]) => new RegExp(`\\b${name}\\b`).test(body));
  const parameters = [...reads.map((_, i) => parameter(i)), ...numbers.map(([name]) => name)];
  return {
    text: `function(${parameters.join(', ')}) {\n${body}\n}`,
    reads,
    numbers: numbers.map(([, value]) => value),
  };
}

/** A view as the row and the column that it goes to; where columns go beyond a row, the device goes on in the next. */
function split({ offset, strides }: Affine, columns: number): [row: Affine, column: Affine] {
  const rowOf = (distance: number): number => Math.floor(distance / columns);
  return [
    { offset: rowOf(offset), strides: strides.map(rowOf) },
    {
      offset: offset - rowOf(offset) * columns,
      strides: strides.map((stride) => stride - rowOf(stride) * columns),
    },
  ];
}

function unreachable({ label }: Kernel): never {
  throw new NeuriteError(
    'unsupported',
    `gpu: ${label} reads a buffer of more than ${exact} elements across its rows: use a smaller data set, or the wasm backend`,
  );
}

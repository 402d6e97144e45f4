// A program without generated code, for pages whose policy forbids it: every formula becomes a closure. Slow and plain.
import {
  type Affine,
  convert,
  type Expression,
  encrypt,
  type Kernel,
  kernelExpressions,
  type NumberArray,
  type Program,
  roundKeys,
  scalarOperations,
  type Use,
  visitExpressions,
} from '@neurite/core/program';
import type { Run } from './executable.ts';
import type { Buffers } from './memory.ts';

/** Computes a number at the kernel's counters. */
type Formula = () => number;

/** Where a kernel is in its loops. */
interface Place {
  readonly counters: number[];
  accumulator: number;
  /** Counts the elements, so that a shared value is computed once for each. */
  element: number;
}

/** A function that executes `program` on `buffers`. */
export function interpret(program: Program, buffers: Buffers): Run {
  const kernels = program.kernels.map((kernel) => interpretKernel(kernel, buffers));
  return (steps) => {
    for (let step = 0; step < steps; step++) for (const kernel of kernels) kernel();
  };
}

function interpretKernel(kernel: Kernel, buffers: Buffers): () => void {
  const place: Place = { counters: [], accumulator: 0, element: 0 };
  const formulas = compileFormulas(kernel, buffers, place);
  const accumulate = accumulator(kernel, buffers, place, formulas);
  const outputs = kernel.outputs.map((output) => formulas.get(output) as Formula);
  const targets = kernel.uses.filter(({ access }) => access !== 'read');
  const values: number[] = outputs.map(() => 0);
  return () =>
    forEachElement(kernel.shape, place.counters, 0, () => {
      place.element++;
      place.accumulator = accumulate();
      place.element++;
      outputs.forEach((output, i) => {
        values[i] = output();
      });
      targets.forEach(({ buffer, view }, i) => {
        (buffers[buffer] as NumberArray)[at(view, place.counters)] = values[i] as number;
      });
    });
}

/** The kernel's own sum, maximum, product or row at the counters of a result. */
function accumulator(
  kernel: Kernel,
  buffers: Buffers,
  place: Place,
  formulas: ReadonlyMap<Expression, Formula>,
): Formula {
  const { counters } = place;
  const element = (use: Use, where: readonly number[]): number =>
    buffers[use.buffer]?.[at(use.view, where)] as number;
  switch (kernel.kind) {
    case 'map':
      return () => 0;
    case 'gather': {
      const row = formulas.get(kernel.row) as Formula;
      return () => element(kernel.uses[kernel.source] as Use, [row(), ...counters.slice(1)]);
    }
    case 'matmul': {
      const [left, right] = [kernel.uses[kernel.left] as Use, kernel.uses[kernel.right] as Use];
      return () => {
        const [i, j] = counters as [number, number];
        let total = 0;
        for (let p = 0; p < kernel.k; p++) total += element(left, [i, p]) * element(right, [p, j]);
        return total;
      };
    }
    case 'reduce': {
      const input = formulas.get(kernel.input) as Formula;
      const rank = kernel.shape.length;
      return () => {
        let total = kernel.reduction === 'sum' ? 0 : Number.NEGATIVE_INFINITY;
        let winner = 0;
        forEachElement(kernel.over, counters, rank, () => {
          place.element++;
          const value = input();
          if (kernel.reduction === 'sum') total += value;
          else if (value > total || Number.isNaN(value)) {
            total = value;
            winner = counters[rank] as number;
          }
        });
        return kernel.reduction === 'argmax' ? winner : total;
      };
    }
    default:
      return kernel satisfies never;
  }
}

function compileFormulas(kernel: Kernel, buffers: Buffers, place: Place): ReadonlyMap<Expression, Formula> {
  const formulas = new Map<Expression, Formula>();
  const { counters } = place;
  visitExpressions(kernelExpressions(kernel), (expression) => {
    formulas.set(expression, oncePerElement(place, compile(expression)));
  });
  return formulas;

  function compile(expression: Expression): Formula {
    switch (expression.kind) {
      case 'constant': {
        const value = convert(expression.value, expression.dtype);
        return () => value;
      }
      case 'read': {
        const { buffer, view } = kernel.uses[expression.use] as Use;
        const array = buffers[buffer] as NumberArray;
        return () => array[at(view, counters)] as number;
      }
      case 'accumulator':
        return () => place.accumulator;
      case 'coordinate':
        return () => at(expression.index, counters);
      case 'random': {
        const step = formulas.get(expression.step) as Formula;
        const [high, low] = expression.stream;
        let [keys, keysOf] = [roundKeys(high, low, 0), 0];
        return () => {
          const now = step();
          if (now !== keysOf) [keys, keysOf] = [roundKeys(high, low, now), now];
          return encrypt(keys, at(expression.element, counters));
        };
      }
      case 'within': {
        const [inside, outside] = [
          formulas.get(expression.inside) as Formula,
          formulas.get(expression.outside) as Formula,
        ];
        return () => {
          const index = at(expression.index, counters);
          return index >= expression.low && index < expression.high ? inside() : outside();
        };
      }
      case 'operation': {
        const [a, b, c] = expression.operands.map((operand) => formulas.get(operand)) as [
          Formula,
          Formula,
          Formula,
        ];
        const apply: (a: number, b: number, c: number) => number = scalarOperations[expression.operation];
        const { dtype } = expression;
        switch (expression.operands.length) {
          case 1:
            return () => convert(apply(a(), 0, 0), dtype);
          case 2:
            return () => convert(apply(a(), b(), 0), dtype);
          default:
            return () => convert(apply(a(), b(), c()), dtype);
        }
      }
      default:
        return expression satisfies never;
    }
  }
}

/** `formula`, remembered while the kernel stays at one element. */
function oncePerElement(place: Place, formula: Formula): Formula {
  let value = 0;
  let element = -1;
  return () => {
    if (element !== place.element) {
      value = formula();
      element = place.element;
    }
    return value;
  };
}

/** The value of an index. */
function at({ offset, strides }: Affine, counters: readonly number[]): number {
  let sum = offset;
  for (let axis = 0; axis < strides.length; axis++)
    sum += (strides[axis] as number) * (counters[axis] as number);
  return sum;
}

/** Calls `visit` with `counters` from `first` on at each element of `sizes`, in row-major order. */
function forEachElement(
  sizes: readonly number[],
  counters: number[],
  first: number,
  visit: () => void,
  axis = 0,
): void {
  if (axis === sizes.length) visit();
  for (let i = 0; i < (sizes[axis] as number); i++) {
    counters[first + axis] = i;
    forEachElement(sizes, counters, first, visit, axis + 1);
  }
}

// Programs, made and executed: a slow interpreter that takes kernels by their word, as a backend's author would read it.
import type { Capabilities, Computation, Program } from '../../src/index.ts';
import { lower } from '../../src/index.ts';
import {
  convert,
  type Expression,
  encrypt,
  type Kernel,
  type NumberArray,
  newArray,
  roundKeys,
  scalarOperations,
} from '../../src/program/index.ts';

const everything: Capabilities = { dtypes: ['float32', 'float64', 'int32', 'uint8'], inPlace: true };

export const programOf = (computation: Computation, capabilities: Partial<Capabilities> = {}): Program =>
  lower(computation, { ...everything, ...capabilities });

/** The numbers of every buffer after one run of `kernels`, which begins with `buffers`. */
export function execute(kernels: readonly Kernel[], buffers: readonly NumberArray[]): NumberArray[] {
  const memory = buffers.map((numbers) => numbers.slice());
  for (const kernel of kernels) executeKernel(kernel, memory);
  return memory;
}

const address = (
  { offset, strides }: { offset: number; strides: readonly number[] },
  at: readonly number[],
) => strides.reduce((sum, stride, axis) => sum + stride * (at[axis] as number), offset);

function* counters(sizes: readonly number[]): Generator<number[]> {
  const [size, ...rest] = sizes;
  if (size === undefined) yield [];
  else for (let i = 0; i < size; i++) for (const inner of counters(rest)) yield [i, ...inner];
}

function executeKernel(kernel: Kernel, memory: NumberArray[]): void {
  const element = (use: number, at: readonly number[]): number => {
    const { buffer, view } = kernel.uses[use] as Kernel['uses'][number];
    return (memory[buffer] as NumberArray)[address(view, at)] as number;
  };
  const value = (expression: Expression, at: readonly number[], accumulator: number): number => {
    const of = (operand: Expression | undefined): number => (operand ? value(operand, at, accumulator) : 0);
    switch (expression.kind) {
      case 'constant':
        return expression.value;
      case 'read':
        return element(expression.use, at);
      case 'accumulator':
        return accumulator;
      case 'coordinate':
        return address(expression.index, at);
      case 'random':
        return encrypt(roundKeys(...expression.stream, of(expression.step)), address(expression.element, at));
      case 'within': {
        const index = address(expression.index, at);
        return of(
          expression.low <= index && index < expression.high ? expression.inside : expression.outside,
        );
      }
      case 'operation': {
        const [a, b, c] = expression.operands;
        if (expression.operation === 'select') return of(of(a) !== 0 ? b : c);
        const operation: (...numbers: [number, number, number]) => number =
          scalarOperations[expression.operation];
        return convert(operation(of(a), of(b), of(c)), expression.dtype);
      }
      default:
        return expression satisfies never;
    }
  };
  const accumulate = (at: readonly number[]): number => {
    switch (kernel.kind) {
      case 'map':
        return 0;
      case 'reduce': {
        const values = [...counters(kernel.over)].map((inner) => value(kernel.input, [...at, ...inner], 0));
        if (kernel.reduction === 'sum') return values.reduce((sum, each) => sum + each, 0);
        const largest = Math.max(...values);
        return kernel.reduction === 'max' ? largest : values.indexOf(largest);
      }
      case 'matmul': {
        const [i, j] = at as [number, number];
        return Array.from({ length: kernel.k }, (_, p) => p).reduce(
          (sum, p) => sum + element(kernel.left, [i, p]) * element(kernel.right, [p, j]),
          0,
        );
      }
      case 'gather':
        return element(kernel.source, [value(kernel.row, at, 0), ...at.slice(1)]);
      default:
        return kernel satisfies never;
    }
  };
  const writing = kernel.uses.filter(({ access }) => access !== 'read');
  for (const at of counters(kernel.shape)) {
    const accumulator = accumulate(at);
    const results = kernel.outputs.map((output) => value(output, at, accumulator));
    writing.forEach(({ buffer, view }, i) => {
      (memory[buffer] as NumberArray)[address(view, at)] = results[i] as number;
    });
  }
}

/** Small whole numbers for every buffer, so that sums come out the same in any order. */
export const sampleBuffers = ({ buffers }: Program): NumberArray[] =>
  buffers.map(({ dtype, length, id }) =>
    newArray(dtype, length).map((_, i) => (dtype === 'int32' ? i % 2 : ((7 * i + 3 * id) % 11) - 5)),
  );

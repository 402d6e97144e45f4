// A small program with a known result: what a mode computes before it is trusted.
import {
  type Affine,
  type Expression,
  NeuriteError,
  type NumberArray,
  type Program,
  random24,
} from '@neurite/core/program';
import type { Device } from './device.ts';
import { GpuExecutable } from './executable.ts';
import { modeNames } from './modes.ts';

const at = (...strides: number[]): Affine => ({ offset: 0, strides });
const stream = [1_234_567, 7_654_321] as const;
const step: Expression = { kind: 'constant', dtype: 'int32', value: 5000 };
const product: Expression = { kind: 'accumulator', dtype: 'float32' };

const buffer = (id: number, name: string, home: 'input' | 'output' | 'state', length: number) =>
  ({ id, name, home, dtype: 'float32', length, offset: 0, live: [0, 2] }) as const;

/** tanh(left · right), the sum of that added to a state, and random numbers. */
const program: Program = {
  buffers: [
    buffer(0, 'left', 'input', 6),
    buffer(1, 'right', 'input', 6),
    buffer(2, 'tanh', 'output', 4),
    buffer(3, 'total', 'state', 1),
    buffer(4, 'random', 'output', 5),
  ],
  kernels: [
    {
      kind: 'matmul',
      label: 'self-test',
      shape: [2, 2],
      k: 3,
      dtype: 'float32',
      left: 0,
      right: 1,
      uses: [
        { buffer: 0, access: 'read', view: at(3, 1) },
        { buffer: 1, access: 'read', view: at(2, 1) },
        { buffer: 2, access: 'write', view: at(2, 1) },
      ],
      outputs: [{ kind: 'operation', dtype: 'float32', operation: 'tanh', operands: [product] }],
    },
    {
      kind: 'reduce',
      label: 'self-test',
      shape: [],
      over: [4],
      reduction: 'sum',
      input: { kind: 'read', dtype: 'float32', use: 0 },
      uses: [
        { buffer: 2, access: 'read', view: at(1) },
        { buffer: 3, access: 'update', view: at() },
      ],
      outputs: [
        {
          kind: 'operation',
          dtype: 'float32',
          operation: 'add',
          operands: [{ kind: 'read', dtype: 'float32', use: 1 }, product],
        },
      ],
    },
    {
      kind: 'map',
      label: 'self-test',
      shape: [5],
      uses: [{ buffer: 4, access: 'write', view: at(1) }],
      outputs: [{ kind: 'random', dtype: 'int32', stream, step, element: { offset: 4094, strides: [1] } }],
    },
  ],
  names: {},
  scratchBytes: 0,
};

const left = [0.5, -1, 2, 0, 3, -40];
const right = [1, 0.25, -2, 0.5, 0.75, 1];
const steps = 3;

/** @throws NeuriteError `unsupported` where the device computes something else. */
export async function selfTest(device: Device): Promise<void> {
  const tanh = [0, 1].flatMap((row) =>
    [0, 1].map((column) =>
      Math.tanh(
        [0, 1, 2].reduce(
          (sum, p) => sum + (left[3 * row + p] as number) * (right[2 * p + column] as number),
          0,
        ),
      ),
    ),
  );
  const expected = [
    tanh,
    [steps * tanh.reduce((sum, each) => sum + each, 0)],
    [0, 1, 2, 3, 4].map((i) => random24(...stream, 5000, 4094 + i)),
  ];
  const executable = await GpuExecutable.make(program, new Map(), device);
  try {
    executable.write(0, Float32Array.from(left));
    executable.write(1, Float32Array.from(right));
    await executable.run(steps);
    for (const [i, numbers] of expected.entries()) {
      const actual: NumberArray = await executable.read(2 + i);
      const isRight = numbers.every((number, j) => Math.abs((actual[j] as number) - number) <= 1e-4);
      if (isRight) continue;
      throw new NeuriteError(
        'unsupported',
        `${modeNames[device.mode]} computes ${[...actual].join(' ')} where it should be ${numbers.join(' ')}`,
      );
    }
  } finally {
    executable.release();
  }
}

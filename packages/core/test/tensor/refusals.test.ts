// What does not fit together is refused where it is written, with the operation, the shapes and the mend.
import { expect, it } from 'vitest';
import {
  concat,
  constant,
  type ErrorCode,
  evaluate,
  iota,
  NeuriteError,
  normal,
  placeholder,
  softmax,
  type Tensor,
  uniform,
} from '../../src/index.ts';

const [a, b] = [placeholder('a', [2, 3]), placeholder('b', [4])];
const [integers, bytes, double] = [
  iota([2, 3]),
  placeholder('bytes', [2, 3], { dtype: 'uint8' }),
  placeholder('double', [2, 3], { dtype: 'float64' }),
];

const cases: [what: string, make: () => unknown, code: ErrorCode, message: RegExp][] = [
  [
    'add of shapes that do not broadcast',
    () => a.add(b),
    'shape',
    /^add: \[2, 3\] and \[4\] cannot be broadcast together$/,
  ],
  ['maximum likewise', () => b.maximum(a), 'shape', /^maximum: \[4\] and \[2, 3\] cannot/],
  ['less likewise', () => a.less(b), 'shape', /^less: \[2, 3\] and \[4\] cannot/],
  [
    'select likewise',
    () => a.greater(0).select(b, 0),
    'shape',
    /^select: \[2, 3\] and \[4\] and \[\] cannot be broadcast/,
  ],
  [
    'select between two plain numbers',
    () => a.greater(0).select(1, 0),
    'dtype',
    /^select\(1, 0\) has no dtype: use cast\(\)/,
  ],
  [
    'select by numbers',
    () => a.select(a, a),
    'dtype',
    /^select takes a uint8 condition, but got float32: compare it first$/,
  ],
  [
    'select between two dtypes',
    () => a.greater(0).select(a, double),
    'dtype',
    /^select takes one dtype, but got float32 and float64: use cast\(\)$/,
  ],
  [
    'mul of two dtypes',
    () => a.mul(double),
    'dtype',
    /^mul takes one dtype, but got float32 and float64: use cast\(\)$/,
  ],
  [
    'equal of two dtypes',
    () => a.equal(integers),
    'dtype',
    /^equal takes one dtype, but got float32 and int32: use cast\(\)$/,
  ],
  [
    'exp of integers',
    () => integers.exp(),
    'dtype',
    /^exp does not take int32: use cast\('float32'\) before it$/,
  ],
  ['div of integers', () => integers.div(2), 'dtype', /^div does not take int32/],
  ['add of bytes', () => bytes.add(1), 'dtype', /^add does not take uint8: use cast\('float32'\)/],
  ['softmax of bytes', () => softmax(bytes), 'dtype', /does not take uint8/],
  [
    'matmul of sizes that differ',
    () => a.matmul(a),
    'shape',
    /^matmul takes \[m, k\] and \[k, n\], but got \[2, 3\] and \[2, 3\]$/,
  ],
  [
    'matmul of a vector',
    () => a.matmul(b),
    'shape',
    /^matmul takes \[m, k\] and \[k, n\], but got \[2, 3\] and \[4\]$/,
  ],
  [
    'matmul of integers',
    () => integers.matmul(integers.transpose()),
    'dtype',
    /^matmul takes two tensors of one float dtype, but got int32 and int32/,
  ],
  [
    'sum along an axis that is not there',
    () => a.sum(2),
    'shape',
    /^sum: axes 2 do not fit a tensor of 2 axes: give distinct whole numbers from -2 to 1$/,
  ],
  ['max along an axis twice', () => a.max([0, -2]), 'shape', /^max: axes \[0,-2\] do not fit/],
  ['argmax along half an axis', () => a.argmax(0.5), 'shape', /^argmax: axes 0.5 do not fit/],
  [
    'reshape to another size',
    () => a.reshape([4]),
    'shape',
    /^reshape keeps the number of elements, but \[2, 3\] has 6 and \[4\] has 4$/,
  ],
  [
    'reshape with nothing that fits',
    () => a.reshape([4, -1]),
    'shape',
    /^reshape: \[4, 1\.5\] is no shape: sizes are positive whole numbers$/,
  ],
  [
    'transpose by no order',
    () => a.transpose([0, 0]),
    'shape',
    /^transpose of \[2, 3\] takes each axis once, but got \[0,0\]$/,
  ],
  [
    'transpose of too few axes',
    () => a.transpose([0]),
    'shape',
    /^transpose of \[2, 3\] takes each axis once/,
  ],
  [
    'slice beyond the end',
    () => a.slice([0, 1], [2, 4]),
    'shape',
    /^slice from \[0,1\] to \[2,4\] does not lie in \[2, 3\]$/,
  ],
  ['slice of nothing', () => a.slice([1], [1]), 'shape', /^slice from \[1,0\] to \[1,3\] does not lie in/],
  [
    'slice along more axes than there are',
    () => a.slice([0, 0, 0], []),
    'shape',
    /^slice from \[0,0,0\] to \[2,3\] does not lie in \[2, 3\]$/,
  ],
  [
    'pad along more axes than there are',
    () => a.pad([0, 0, 1], []),
    'shape',
    /^pad of \[2, 3\] takes a number for each axis, but got \[0,0,1\] and \[\]$/,
  ],
  [
    'pad by less than nothing',
    () => a.pad([-1], [0]),
    'shape',
    /^pad takes whole numbers from 0, but got \[-1\] and \[0\]$/,
  ],
  [
    'broadcastTo a shape that is no stretch',
    () => a.broadcastTo([2, 4]),
    'shape',
    /^\[2, 3\] cannot be broadcast to \[2, 4\]$/,
  ],
  [
    'broadcastTo a smaller shape',
    () => a.broadcastTo([3]),
    'shape',
    /^\[2, 3\] cannot be broadcast to \[3\]$/,
  ],
  ['concat of nothing', () => concat([]), 'shape', /^concat takes at least one tensor$/],
  [
    'concat of shapes that differ elsewhere',
    () => concat([a, a.transpose()]),
    'shape',
    /^concat along axis 0 takes shapes that agree elsewhere, but got \[2, 3\] and \[3, 2\]$/,
  ],
  [
    'concat of two dtypes',
    () => concat([a, double], 1),
    'dtype',
    /^concat takes one dtype, but got float32 and float64: use cast\(\)$/,
  ],
  [
    'gather by numbers that are no integers',
    () => a.gather(b),
    'shape',
    /^gather takes \[rows, …\] and int32 indices \[count\], but got \[2, 3\] and float32 \[4\]$/,
  ],
  ['gather from a single number', () => constant(1).gather(iota([2])), 'shape', /^gather takes \[rows, …\]/],
  [
    'a placeholder without elements',
    () => placeholder('x', [3, 0]),
    'shape',
    /^input "x": \[3, 0\] is no shape/,
  ],
  [
    'a constant of half a size',
    () => constant(1, { shape: [1.5] }),
    'shape',
    /^constant: \[1.5\] is no shape/,
  ],
  [
    'too many random numbers',
    () => uniform([2 ** 12, 2 ** 13], { seed: 1, purpose: 'x' }),
    'shape',
    /^random tensors have up to 2\^24 elements, but \[4096, 8192\] has 33554432$/,
  ],
  [
    'a seed that is no whole number',
    () => normal([2], { seed: 0.5, purpose: 'x' }),
    'option',
    /seed must be a whole number up to ±2\^53, but got 0.5$/,
  ],
  ['numbers that are missing', () => evaluate([a]), 'data', /^input "a" takes 6 numbers, but got none$/],
  ['too few numbers', () => evaluate([a], { a: [1, 2] }), 'data', /^input "a" takes 6 numbers, but got 2$/],
];

it.each(cases)('%s is refused', (_, make, code, message) => {
  let caught: unknown;
  try {
    make();
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(NeuriteError);
  expect((caught as NeuriteError).message).toMatch(message);
  expect((caught as NeuriteError).code).toBe(code);
});

it('nothing is refused that broadcasts or is converted by itself', () => {
  const accepted: Tensor[] = [
    a.add(placeholder('c', [1, 3])),
    integers.mul(2),
    bytes.greater(7),
    bytes.equal(bytes),
  ];
  expect(accepted.map(({ dtype }) => dtype)).toEqual(['float32', 'int32', 'uint8', 'uint8']);
});

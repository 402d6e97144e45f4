// Views that no operation of core makes yet, but a program may have: backwards, by steps, on other diagonals.
import { placeholder, type Shape, sizeOf, Tensor } from '@neurite/core';
import { checkComputation, type NumbersByName, sampleNumbers } from '@neurite/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { keepAlive, sharingBackend } from './sharingBackend.ts';

/** Element i along each axis is element start + step · i of the source. */
function walk(x: Tensor, starts: readonly number[], steps: readonly number[], shape: Shape): Tensor {
  return new Tensor(
    {
      kind: 'view',
      key: `walk ${starts} ${steps} ${shape}`,
      infer: ([source]) => ({ shape, dtype: (source as Tensor).dtype }),
      sourceIndex: (index) =>
        index.map(({ offset, strides }, axis) => ({
          offset: starts[axis]! + steps[axis]! * offset,
          strides: strides.map((stride) => steps[axis]! * stride),
        })),
      gradient: () => [undefined],
    },
    [x],
  );
}

const backwards = (x: Tensor, axes: readonly number[]): Tensor =>
  walk(
    x,
    x.shape.map((size, axis) => (axes.includes(axis) ? size - 1 : 0)),
    x.shape.map((_, axis) => (axes.includes(axis) ? -1 : 1)),
    x.shape,
  );

const everySecond = (x: Tensor): Tensor =>
  walk(
    x,
    x.shape.map(() => 1),
    x.shape.map(() => 2),
    x.shape.map((size) => Math.floor(size / 2)),
  );

describe.each([1, 3])('on %i threads', (threads) => {
  const backend = sharingBackend(threads);
  let release: () => void;
  beforeAll(async () => {
    release = await keepAlive(backend);
  });
  afterAll(() => release());

  const shapes: Record<string, Shape> = { a: [13, 18], b: [18, 21], c: [13, 21], d: [5, 6, 7] };
  const inputs = (dtype: 'float32' | 'uint8' = 'float32') => {
    const tensors = Object.entries(shapes).map(
      ([name, shape]) => [name, placeholder(name, shape, { dtype })] as const,
    );
    const values: NumbersByName = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const numbers = sampleNumbers(sizeOf(shape), {
          low: dtype === 'uint8' ? 0 : -1,
          high: dtype === 'uint8' ? 256 : 1,
        });
        return [name, dtype === 'uint8' ? numbers.map(Math.floor) : numbers];
      }),
    );
    return { ...(Object.fromEntries(tensors) as Record<'a' | 'b' | 'c' | 'd', Tensor>), values };
  };

  it.each(['float32', 'uint8'] as const)('reads %s backwards and by steps', async (dtype) => {
    const { a, d, values } = inputs(dtype);
    const outputs: Record<string, Tensor> = { second: everySecond(d).cast('float32').mul(0.5) };
    for (const axes of [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]) {
      outputs[`back ${axes}`] = backwards(d, axes).cast('float32').mul(2);
      outputs[`sum ${axes}`] = backwards(d, axes).cast('float32').sum(axes);
      outputs[`max ${axes}`] = backwards(d, [2]).cast('float32').max(axes);
    }
    outputs.both = backwards(a, [1]).cast('float32').sub(a.cast('float32')).abs();
    outputs.place = backwards(a, [1]).argmax(1);
    outputs.down = backwards(a, [0, 1]).cast('float32').argmax(0);
    await checkComputation(backend, { outputs }, values);
  });

  it('gathers from what lies backwards', async () => {
    const { a, values } = inputs();
    const rows = placeholder('rows', [9], { dtype: 'int32' });
    const given = { ...values, rows: [12, 0, 5, 5, 3, 1, 11, 7, 2] };
    const outputs = {
      reversed: backwards(a, [0]).gather(rows),
      columns: backwards(a, [1])
        .gather(backwards(rows, [0]))
        .mul(2),
    };
    await checkComputation(backend, { outputs }, given);
  });

  // Along the other axis of an operand, lowering promises neighbours.
  it('multiplies matrices with rows backwards', async () => {
    const { a, b, c, values } = inputs();
    const outputs: Record<string, Tensor> = {};
    for (const x of [a, backwards(a, [0])]) {
      for (const y of [b, backwards(b, [0])]) {
        const name = `${Object.keys(outputs).length}`;
        outputs[`${name}: plain`] = x.matmul(y);
        outputs[`${name}: thin`] = x.slice([0], [3]).matmul(y);
        outputs[`${name}: left transposed`] = x.transpose().matmul(backwards(c, [0]));
        outputs[`${name}: right transposed`] = backwards(c, [0]).matmul(y.transpose());
      }
    }
    await checkComputation(backend, { outputs }, values);
  });
});

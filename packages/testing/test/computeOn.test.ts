// The same graph by a backend and by the oracle.
import { cpu } from '@neurite/backend-cpu';
import { evaluate, placeholder } from '@neurite/core';
import { expect, test } from 'vitest';
import { computeOn, recordingBackend, sampleNumbers } from '../src/index.ts';

test('computeOn gives what evaluate gives: root by root, each in its dtype', async () => {
  const [x, w] = [
    placeholder('x', [2, 3], { dtype: 'float64' }),
    placeholder('w', [3, 4], { dtype: 'float64' }),
  ];
  const labels = placeholder('labels', [2], { dtype: 'int32' });
  const product = x.matmul(w);
  const roots = [product, product.argmax(1), labels.oneHot(4), x, product];
  const inputs = { x: sampleNumbers(6), w: sampleNumbers(12), labels: [3, 0] };
  expect(await computeOn(cpu(), roots, inputs)).toEqual(evaluate(roots, inputs));
});

test('computeOn takes inputs on which nothing depends', async () => {
  const x = placeholder('x', [2]);
  expect(await computeOn(cpu(), [x.add(1)], { x: [1, 2], y: [3] })).toEqual([Float32Array.of(2, 3)]);
});

test('computeOn gives the memory back, also where running fails', async () => {
  const backend = recordingBackend({
    onRun: () => {
      throw new Error('no power');
    },
  });
  await expect(computeOn(backend, [placeholder('x', [2]).exp()], { x: [1, 2] })).rejects.toThrow('no power');
  expect(backend.alive).toBe(0);
  expect(backend.recorded('compile')).toHaveLength(1);
});

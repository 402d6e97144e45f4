// The orthogonal initializer, on a backend: the oracle would take minutes for its products.
import { wasm } from '@neurite/backend-wasm';
import { evaluate, type Initializer, orthogonal, type Shape } from '@neurite/core';
import { computeOn } from '@neurite/testing';
import { describe, expect, test } from 'vitest';

async function draw(initializer: Initializer, shape: Shape, seed = 1, purpose = 'hidden1.weight') {
  const random = { seed, purpose };
  const tensor = initializer.apply({ shape, dtype: 'float32', fanIn: 1, fanOut: 1, random });
  expect([tensor.shape, tensor.dtype]).toEqual([shape, 'float32']);
  const [numbers] = await computeOn(wasm({ threads: 1 }), [tensor]);
  return Array.from(numbers!);
}

/** How far the scalar products of columns (of rows, where those are fewer) are from those of unit vectors. */
function distance(numbers: readonly number[], rows: number, columns: number): number {
  const byRow = rows <= columns;
  const [count, length] = byRow ? [rows, columns] : [columns, rows];
  const at = (vector: number, i: number) => numbers[byRow ? vector * columns + i : i * columns + vector]!;
  let worst = 0;
  for (let a = 0; a < count; a++) {
    for (let b = a; b < count; b++) {
      let product = 0;
      for (let i = 0; i < length; i++) product += at(a, i) * at(b, i);
      worst = Math.max(worst, Math.abs(product - Number(a === b)));
    }
  }
  return worst;
}

describe('orthogonal', () => {
  test.each([[[256, 256]], [[784, 30]], [[64, 200]], [[2, 2]], [[1, 1]], [[1, 7]], [[100, 99]]])(
    'has orthonormal columns or rows: %j',
    { timeout: 30_000 }, // 57 products of 256²
    async ([rows, columns]) => {
      expect(distance(await draw(orthogonal(), [rows!, columns!]), rows!, columns!)).toBeLessThan(1e-4);
    },
  );

  test('of small squares, which can be nearly singular, for 200 seeds', () => {
    for (let seed = 0; seed < 200; seed++) {
      const size = 2 + (seed % 4);
      const random = { seed, purpose: 'hidden1.weight' };
      const square = { shape: [size, size], dtype: 'float32', fanIn: 1, fanOut: 1, random } as const;
      const [numbers] = evaluate([orthogonal().apply(square)]);
      expect(distance(Array.from(numbers!), size, size), `seed ${seed}`).toBeLessThan(1e-4);
    }
  });

  test('is stretched by the gain', async () => {
    const [one, half] = [await draw(orthogonal(), [6, 4]), await draw(orthogonal({ gain: 0.5 }), [6, 4])];
    expect(half).toEqual(one.map((x) => x / 2));
  });

  test('depends on seed and name alone', async () => {
    const own = await draw(orthogonal(), [5, 5]);
    expect(await draw(orthogonal(), [5, 5])).toEqual(own);
    expect(await draw(orthogonal(), [5, 5], 2)).not.toEqual(own);
    expect(await draw(orthogonal(), [5, 5], 1, 'hidden2.weight')).not.toEqual(own);
  });

  test('is refused for biases', () => {
    const context = { shape: [4], dtype: 'float32', fanIn: 1, fanOut: 1 } as const;
    expect(() => orthogonal().apply({ ...context, random: { seed: 0, purpose: 'b' } })).toThrow(
      'orthogonal takes a matrix, but got [4]',
    );
  });
});

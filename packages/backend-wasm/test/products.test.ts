// Products too large for the second cache, which are computed block by block, and those next to the border.
import { cpu } from '@neurite/backend-cpu';
import { lower, placeholder } from '@neurite/core';
import { requireClose, runComputation, sampleNumbers } from '@neurite/testing';
import { describe, expect, it } from 'vitest';
import { disassemble, moduleOf } from '../src/index.ts';
import { sharingBackend } from './sharingBackend.ts';

/** Forward, and both gradients: no operand transposed, the right one, the left one. */
function productsOf(m: number, n: number, k: number) {
  const [a, b, c] = [placeholder('a', [m, k]), placeholder('b', [k, n]), placeholder('c', [m, n])];
  const w = placeholder('w', [k, n], { home: 'state' });
  const values = {
    a: sampleNumbers(m * k, { seed: 1 }),
    b: sampleNumbers(k * n, { seed: 2 }),
    c: sampleNumbers(m * n, { seed: 3 }),
    w: sampleNumbers(k * n, { seed: 4 }),
  };
  const computation = {
    outputs: { y: a.matmul(b).add(c), back: c.matmul(b.transpose()) },
    updates: new Map([[w, w.sub(a.transpose().matmul(c))]]),
  };
  return { computation, values };
}

const sizes = [
  [70, 150, 1100],
  [131, 77, 1025],
  [6, 1030, 200],
  [1, 300, 700],
  [2, 49, 800],
] as const;

describe.each(sizes)('%i × %i numbers over %i', (m, n, k) => {
  const { computation, values } = productsOf(m, n, k);
  const expected = runComputation(cpu(), computation, values, 2);

  it.each([
    ['one thread', sharingBackend(1)],
    ['three threads', sharingBackend(3)],
    ['without fused multiply-add', sharingBackend(2, true)],
  ])('agree with the CPU backend: %s', async (_, backend) => {
    const actual = await runComputation(backend, computation, values, 2);
    for (const [name, numbers] of Object.entries(await expected)) {
      requireClose(actual[name] as typeof numbers, numbers, 1e-4, name); // sums of a thousand float32
    }
  });
});

it('are computed by tiles that are functions of their own where they are large', () => {
  const { capabilities } = sharingBackend(1);
  const textOf = (m: number, n: number, k: number): string =>
    disassemble(moduleOf(lower(productsOf(m, n, k).computation, capabilities)));
  expect(textOf(70, 150, 1100).match(/product of 5 rows/g)).toHaveLength(3);
  expect(textOf(10, 20, 20)).not.toContain('product of');
});

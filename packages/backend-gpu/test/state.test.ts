// State that several programs cut into different parts, and that the host overwrites in parts: as on the CPU backend.
import { cpu } from '@neurite/backend-cpu';
import { type Backend, type Computation, type Executable, lower, placeholder } from '@neurite/core';
import { expect, it } from 'vitest';
import { gpu } from '../src/index.ts';

const part = (name: string, offset: number, length: number, buffer = 'all') =>
  placeholder(name, [length], { home: 'state', buffer, offset });
const buffers = { all: { home: 'state', dtype: 'float32', length: 12 } } as const;
const whole = part('whole', 0, 12);
const [left, middle, right] = [part('left', 0, 4), part('middle', 4, 5), part('right', 9, 3)];

const computations: Record<string, Computation> = {
  asOne: { buffers, updates: new Map([[whole, whole.mul(2).add(1)]]), outputs: { sum: whole.sum() } },
  inParts: {
    buffers,
    updates: new Map([
      [left, left.add(middle.slice([0], [4]))],
      [right, right.mul(middle.sum())],
    ]),
    outputs: { product: middle.mul(middle) },
  },
  aside: { buffers, updates: new Map([[whole, whole.slice([6], []).pad([0], [6], 5)]]) },
  lookingOn: { buffers, outputs: { tail: whole.slice([3], [10]).neg() } },
};

/** What all buffers hold after each call. */
async function history(backend: Backend): Promise<number[][]> {
  const found: number[][] = [];
  const executables: Executable[] = [];
  const programs = Object.values(computations).map((each) => lower(each, backend.capabilities));
  const state = programs[0]?.names.whole?.buffer as number;
  for (const [i, program] of [0, 1, 2, 3, 0, 1, 2, 3, 1, 0].map((i) => [i, programs[i]] as const)) {
    executables[i] ??= await backend.compile(program as never, executables[0]);
    const executable = executables[i];
    if (found.length === 0)
      executable.write(
        state,
        Float32Array.from({ length: 12 }, (_, n) => n / 4),
      );
    await executable.run(1 + (i % 2));
    const at = program?.buffers.find(({ name }) => name === 'all')?.id as number;
    executable.write(at, Float32Array.of(i + 1, -1), 3 + i);
    executable.write(at, Float32Array.of(0.5), 4);
    found.push([...(await executable.read(at))]);
    for (const { id, home } of program?.buffers ?? []) {
      if (home === 'output') found.push([...(await executable.read(id))]);
    }
  }
  for (const executable of executables) executable.release();
  return found;
}

it.each(['cpu', 'webasm'] as const)('is the same, however it is cut: %s', async (mode) => {
  const [actual, expected] = [await history(gpu({ mode })), await history(cpu())];
  expect(actual.length).toBe(expected.length);
  for (const [i, numbers] of expected.entries()) {
    const close = numbers.map((number) => expect.closeTo(number, 3));
    expect(actual[i], `after ${i} readings`).toEqual(close);
  }
});

// What lowering makes of a program for backends whose kernels read little and write once: the same numbers, on a backend that
// has no such limits.
import { cpu } from '@neurite/backend-cpu';
import { type Backend, lower, verifyProgram } from '@neurite/core';
import { type Kernel, kernelLimits } from '@neurite/core/program';
import { checkComputation, drawComputation } from '@neurite/testing';
import { describe, expect, it } from 'vitest';

const limited = (maxReads: number, inPlace = true): Backend => {
  const backend = cpu();
  return {
    ...backend,
    capabilities: {
      dtypes: ['float32', 'int32', 'uint8'],
      inPlace,
      limits: kernelLimits({ maxReads, maxWrites: 1 }),
    },
  };
};
const readBuffers = ({ uses }: Kernel): number =>
  new Set(uses.filter(({ access }) => access !== 'write').map(({ buffer }) => buffer)).size;

describe.each([
  ['3 buffers', limited(3)],
  ['7 buffers', limited(7)],
  ['4 buffers, never in place', limited(4, false)],
])('kernels that read at most %s and write once', (_, backend) => {
  it('compute what the oracle computes', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const { computation, values, steps } = drawComputation(seed);
      await checkComputation(backend, computation, values, { steps, tolerance: 3e-5 });
    }
  });

  it('are what lowering gives', () => {
    for (let seed = 0; seed < 60; seed++) {
      const program = lower(drawComputation(seed).computation, backend.capabilities);
      verifyProgram(program);
      for (const kernel of program.kernels) {
        expect(kernel.outputs).toHaveLength(1);
        expect(readBuffers(kernel)).toBeLessThanOrEqual(backend.capabilities.limits?.maxReads as number);
      }
    }
  });
});

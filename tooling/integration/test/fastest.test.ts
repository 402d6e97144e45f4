// A backend by measurement.
import { tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import { type Backend, fastest, NeuriteError, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { describe, expect, test } from 'vitest';

const data = spiral({ examples: 60, classes: 3, seed: 1 });
const trainerOn = (
  backend: Parameters<typeof train>[1]['backend'],
  dtype: 'float32' | 'float64' = 'float32',
) =>
  train(sequential([2], [dense({ units: 16, activation: tanh() }), dense({ units: 3 })]), {
    loss: softmaxCrossEntropy(),
    optimizer: adam(),
    backend,
    dtype,
  });

/** `backend` that waits before each run. */
const slowed = (backend: Backend, milliseconds: number): Backend => ({
  ...backend,
  type: 'slowed',
  compile: async (program, beside) => {
    const executable = await backend.compile(program, beside);
    const run = executable.run.bind(executable);
    executable.run = async (steps = 1) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds * steps));
      await run(steps);
    };
    return executable;
  },
});
const broken = (): Backend => ({
  ...cpu(),
  type: 'broken',
  compile: () => Promise.reject(new NeuriteError('unsupported', 'no such device')),
});

describe('fastest', () => {
  test('takes the quickest for the real step, and says why', async () => {
    const trainer = await trainerOn(fastest([slowed(cpu(), 5), cpu()]));
    expect([trainer.backend.type, trainer.choice]).toEqual(['slowed', undefined]);
    await trainer.fit(data, { epochs: 2, batchSize: 20 });
    expect(trainer.backend.type).toBe('cpu');
    expect(trainer.choice!.trials.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^cpu \(/),
      expect.stringMatching(/^slowed \(/),
    ]);
    expect(String(trainer.choice)).toMatch(/^cpu \(.*\) [\d.e-]+ ms, slowed \(.*\) [\d.]+ ms$/);
  });

  test('gives the very training that the chosen backend gives', async () => {
    const chosen = await trainerOn(fastest([slowed(wasm({ threads: 1 }), 5), wasm({ threads: 1 })]));
    const plain = await trainerOn(wasm({ threads: 1 }));
    for (const trainer of [chosen, plain]) await trainer.fit(data, { epochs: 3, batchSize: 20 });
    expect(await chosen.readParameters()).toEqual(await plain.readParameters());
    expect(chosen.backend.type).toBe('wasm');
    chosen.release();
    plain.release();
  });

  test('decides before a single step too', async () => {
    const trainer = await trainerOn(fastest([slowed(cpu(), 3), cpu()]));
    await trainer.step({ inputs: [0, 1], targets: [1] });
    expect([trainer.backend.type, await trainer.steps()]).toEqual(['cpu', 1]);
  });

  test('leaves out what does not load, or cannot compute in the dtype, and says why', async () => {
    const trainer = await trainerOn(fastest([broken(), wasm({ threads: 1 }), cpu()]), 'float64');
    await trainer.fit(data);
    expect(trainer.backend.type).toBe('cpu');
    expect(String(trainer.choice)).toMatch(/broken .*failed: no such device/);
    expect(String(trainer.choice)).toMatch(/failed: backend "wasm" computes in .*, not in float64/);
  });

  test('refuses nothing, and what is no backend; says it where none can run', async () => {
    expect(() => fastest([])).toThrow('fastest takes a list of backends, but got []: give it some');
    expect(() => fastest([cpu as never])).toThrow(/^fastest takes backends, but got the function cpu/);
    await expect(trainerOn(fastest([broken()]))).rejects.toThrow('no such device');
  });
});

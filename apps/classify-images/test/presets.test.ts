// Every preset learns, on a few digits.
import { wasm } from '@neurite/backend-wasm';
import { mnist } from '@neurite/datasets/mnist';
import { expect, test } from 'vitest';
import { presets } from '../src/presets.ts';
import { cook } from '../src/recipe.ts';

test.each(Object.entries(presets))('%s', async (_, preset) => {
  const { training, shape, classes } = await mnist();
  const examples = 60;
  const data = {
    inputs: training.inputs.subarray(0, examples * 784),
    targets: training.targets.subarray(0, examples),
  };
  const trainer = await cook(
    preset,
    { shape, classes },
    { steps: 45, seed: 1, backend: wasm({ threads: 1 }) },
  );
  const before = await trainer.evaluate(data);
  await trainer.fit(data, { epochs: 15, batchSize: 20 });
  const after = await trainer.evaluate(data);
  trainer.release();
  expect(after.loss).toBeLessThan(before.loss! / 2);
  expect(after.accuracy).toBeGreaterThan(0.9);
});

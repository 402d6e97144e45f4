// The picture of a first layer: which weight is where.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpu } from '@neurite/backend-cpu';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { presets } from '../src/presets.ts';
import { cook } from '../src/recipe.ts';
import { saveWeights } from '../src/weightSheet.ts';

test('a tile shows the weights of one unit, in the order of the pixels', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'neurite-weights-'));
  const form = { shape: [2, 3], classes: ['a', 'b'] };
  const recipe = { ...presets['course-cifar-10'], layers: [] };
  const trainer = await cook(recipe, form, { steps: 1, seed: 1, backend: cpu() });
  context.onTestFinished(async () => {
    trainer.release();
    await rm(folder, { recursive: true });
  });
  // [inputs, units]: the first unit looks for the last pixel, the second sees none but the first, and dislikes it
  trainer.writeParameters({ 'output.weight': [0, -2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0] });
  await saveWeights(trainer, form.shape, join(folder, 'weights.png'));
  const { width, height, channels, data } = decode(await readFile(join(folder, 'weights.png')));
  // side by side, each pixel a square of 2: 2 + 3 · 2 + 2 + 3 · 2 + 2 wide, 2 + 2 · 2 + 2 high
  expect({ width, height, channels }).toEqual({ width: 18, height: 8, channels: 1 });
  const at = (x: number, y: number): number => data[y * width + x]!;
  expect([at(2, 2), at(5, 5), at(6, 4), at(7, 5)]).toEqual([128, 128, 255, 255]);
  expect([at(10, 2), at(11, 3), at(12, 2), at(15, 5)]).toEqual([0, 0, 128, 128]);

  await expect(saveWeights(trainer, form.shape, join(folder, 'no/weights.png'))).rejects.toThrow(
    /^--save-weights: .* cannot be written \(ENOENT/,
  );
});

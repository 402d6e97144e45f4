// k steps, saved, and n − k steps in another process make the same file as n steps: every number, bit for bit.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from '@neurite/checkpoint';
import { save } from '@neurite/checkpoint/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin, data, fitting, trainings } from './checkpointTrainings.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurite-resuming-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pathOf = (name: string): string => join(folder, `${name}.safetensors`);

beforeAll(async () => {
  for (const [i, training] of trainings.entries()) {
    const trainer = await begin(training);
    const controller = new AbortController();
    await trainer.fit(data, {
      ...fitting,
      signal: controller.signal,
      callbacks: [
        { onProgress: ({ epoch, step }) => (epoch === 2 && step > i ? controller.abort() : undefined) },
      ],
    });
    const { position } = await trainer.snapshot();
    expect(position).toMatchObject({ epoch: 1, step: expect.toSatisfy((step: number) => step > 0) });
    await save(pathOf(training.name), trainer);
    trainer.release();
  }
  const script = fileURLToPath(new URL('checkpointProcess.ts', import.meta.url));
  execFileSync(process.execPath, ['--conditions=@neurite/source', script, folder], { stdio: 'pipe' });
}, 60_000);

test.each(trainings)('$name', async (training) => {
  const whole = await begin(training);
  await whole.fit(data, fitting);
  expect(await whole.steps()).toBe(15);
  const expected = Buffer.from(await encode(whole));
  whole.release();
  expect(readFileSync(pathOf(training.name)).equals(expected)).toBe(true);
});

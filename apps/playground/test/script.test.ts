import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultSpec } from '../src/spec/defaults.ts';
import { toScript } from '../src/spec/script.ts';
import { Run } from '../src/training/run.ts';

it('trains the same network, to the same loss', async () => {
  const run = await Run.start({ spec: defaultSpec, changes: [], steps: 0 });
  await run.advance(run.phase.batches.stepsPerEpoch * 10);
  const { loss, testLoss } = await run.scores();
  const script = toScript(run.program);
  run.release();
  expect(script).toContain('npm install @neurite/core');
  const printed = execFileSync(
    process.execPath,
    ['--conditions=@neurite/source', '--input-type=module', '--eval', script],
    { cwd: join(import.meta.dirname, '..'), encoding: 'utf8' },
  );
  const losses = [...printed.matchAll(/loss: ([\d.e-]+)/g)].map(([, text]) => Number(text));
  expect(losses[0]).toBeCloseTo(loss, 5);
  expect(losses[1]).toBeCloseTo(testLoss, 5);
});

import { expect, it } from 'vitest';
import { defaultSpec } from '../src/spec/defaults.ts';
import { Run } from '../src/training/run.ts';

const begin = () => Run.start({ spec: defaultSpec, changes: [], steps: 0 });
const weights = async (run: Run) => run.trainer.readParameters();

it('comes back to any of its steps, to the last bit', async () => {
  const run = await begin();
  await run.advance(137);
  const then = await weights(run);
  await run.advance(300);
  const end = await weights(run);
  await run.seek(137);
  expect(run.position).toBe(137);
  expect(await weights(run)).toEqual(then);
  await run.seek(437);
  expect(await weights(run)).toEqual(end);
});

it('trains as fit does, in the same order', async () => {
  const run = await begin();
  const { sides, batches } = run.phase;
  await run.advance(2 * batches.stepsPerEpoch);
  const stepped = await weights(run);
  const other = await begin();
  await other.trainer.fit(sides.train, { epochs: 2, batchSize: defaultSpec.batchSize });
  expect(await weights(other)).toEqual(stepped);
});

it('replays a program with changes to the same weights', async () => {
  const run = await begin();
  await run.advance(50);
  await run.change({ ...defaultSpec, optimizer: { type: 'momentum', learningRate: 0.05 } });
  await run.advance(33);
  await run.change({ ...run.phase.spec, batchSize: 7, backend: { type: 'cpu' } });
  await run.change({ ...run.phase.spec, regularizer: { type: 'l2', strength: 0.001 } });
  await run.advance(60);
  expect(run.program.changes).toHaveLength(2);
  const again = await Run.start(run.program);
  await again.advance(run.program.steps);
  expect(await weights(again)).toEqual(await weights(run));
  expect(again.curve).toEqual(run.curve);
  // and within it, over the borders
  const end = await weights(run);
  await run.seek(20);
  await run.seek(143);
  expect(await weights(run)).toEqual(end);
});

it('forks: the branch goes its own way, and the run stays as it was', async () => {
  const run = await begin();
  await run.advance(100);
  const end = await weights(run);
  await run.seek(40);
  const branch = await run.fork();
  await branch.change({ ...defaultSpec, optimizer: { type: 'adam', learningRate: 0.1 } });
  await branch.advance(60);
  await run.seek(100);
  expect(await weights(run)).toEqual(end);
  expect(await weights(branch)).not.toEqual(end);
  const again = await Run.start(branch.program);
  await again.advance(100);
  expect(await weights(again)).toEqual(await weights(branch));
});

it('keeps the curve when the backend is swapped in the middle', async () => {
  const run = await begin();
  await run.advance(200);
  const other = await begin();
  await other.advance(77);
  await other.change({ ...defaultSpec, backend: { type: 'cpu' } });
  await other.advance(123);
  expect(other.curve.map(({ step }) => step)).toEqual(run.curve.map(({ step }) => step));
  for (const [i, { loss }] of run.curve.entries()) expect(other.curve[i]?.loss).toBeCloseTo(loss, 3);
});

import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { defaultSpec } from '../src/spec/defaults.ts';
import type { Program, RunSpec } from '../src/spec/spec.ts';
import type { Report } from '../src/training/protocol.ts';
import { Session } from '../src/training/session.ts';

type Of<Type> = Extract<Report, { type: Type }>;

function begin() {
  const reports: Report[] = [];
  const session = new Session(
    (report) => reports.push(report),
    () => setImmediate(),
  );
  const latest = <Type extends Report['type']>(type: Type): Of<Type> =>
    reports.findLast((report) => report.type === type) as Of<Type>;
  return { session, reports, latest };
}

const spec: RunSpec = { ...defaultSpec, backend: { type: 'cpu' } };
const program: Program = { spec, changes: [], steps: 60 };

it('carries out a program and shows where it ends', async () => {
  const { session, latest } = begin();
  await session.handle({ type: 'open', programs: [program] });
  expect(latest('frame')).toMatchObject({ head: 60, playing: false, live: { step: 60 } });
  expect(latest('info').live).toMatchObject({ parameters: 114, stepsPerEpoch: 7 });
  const { details, live } = latest('frame');
  expect(details?.curve.step).toHaveLength(61);
  expect(details?.units.layers.map(({ units }) => units)).toEqual([8, 8, 2]);
  expect(live.regions).toMatchObject({ kind: 'classes' });
});

it('branches where the run was taken back to, and trains both on', async () => {
  const { session, latest } = begin();
  await session.handle({ type: 'open', programs: [program] });
  await session.handle({ type: 'seek', step: 20 });
  await session.handle({ type: 'change', spec: { ...spec, batchSize: 5 } });
  await session.handle({ type: 'step', count: 70 });
  const { live, other, head } = latest('frame');
  expect([live.step, other?.step, head]).toEqual([90, 90, 90]);
  expect(latest('info').live.program.changes).toEqual([{ at: 20, spec: { batchSize: 5 } }]);
  expect(latest('info').other?.program.changes).toEqual([]);
  expect(live.now.loss).not.toBe(other?.now.loss);
  await session.handle({ type: 'forget' });
  expect(latest('frame').other).toBeUndefined();
});

it('goes on with what the weights fit, and begins anew where they do not', async () => {
  const { session, latest } = begin();
  await session.handle({ type: 'open', programs: [program] });
  await session.handle({ type: 'change', spec: { ...spec, loss: { type: 'multiclassHinge' } } });
  expect(latest('frame').live.step).toBe(60);
  await session.handle({ type: 'change', spec: { ...spec, layers: spec.layers.slice(1) } });
  expect(latest('frame')).toMatchObject({ head: 0, live: { step: 0 } });
});

it('refuses what cannot be, with the reason, and stays as it was', async () => {
  const { session, latest } = begin();
  await session.handle({ type: 'open', programs: [program] });
  const layers = [{ type: 'reshape', sizes: [7] }, ...spec.layers];
  await session.handle({ type: 'change', spec: { ...spec, layers } });
  expect(latest('refused').message).toContain('choose sizes whose product is 2');
  expect(latest('info').live.spec).toEqual(spec);
  await session.handle({ type: 'step', count: 1 });
  expect(latest('frame').live.step).toBe(61);
});

it('stops where the loss is no finite number any more, and can be taken back', async () => {
  const { session, latest } = begin();
  const wild: RunSpec = {
    ...spec,
    layers: [{ type: 'dense', units: 4 }],
    loss: { type: 'meanSquaredError' },
    optimizer: { type: 'sgd', learningRate: 1e6 },
  };
  await session.handle({ type: 'open', programs: [{ spec: wild, changes: [], steps: 1000 }] });
  const { divergedAt } = latest('frame');
  expect(divergedAt).toBeGreaterThan(0);
  await session.handle({ type: 'seek', step: 1 });
  expect(latest('frame')).toMatchObject({ divergedAt: undefined, live: { step: 1 } });
  expect(Number.isFinite(latest('frame').live.now.loss)).toBe(true);
});

it('plays until it is told to stop', async () => {
  const { session, latest } = begin();
  await session.handle({ type: 'open', programs: [{ ...program, steps: 0 }] });
  await session.handle({ type: 'play', stepsPerSecond: Number.POSITIVE_INFINITY, until: 300 });
  while (latest('frame').live.step < 300) await setImmediate();
  expect(latest('frame')).toMatchObject({ playing: false, head: 300 });
});

import { expect, it } from 'vitest';
import { make, plugins } from '../src/plugins.ts';
import { numberForNo, sidesOf } from '../src/spec/assemble.ts';
import { otherSet } from '../src/spec/changeData.ts';
import { defaultSpec } from '../src/spec/defaults.ts';
import { domainOf, pointsOf } from '../src/spec/points.ts';
import { sets } from '../src/spec/sets.ts';
import { Run } from '../src/training/run.ts';

const { data } = defaultSpec;

it('leaves every point on its side when one is added or taken out', () => {
  const before = pointsOf(data);
  const after = pointsOf({ ...data, points: [[0, 0, 1]], removed: [5] });
  expect(after.targets).toHaveLength(200);
  const sideOf = new Map(Array.from(after.origins, (origin, i) => [origin, after.isTest[i]]));
  before.origins.forEach((origin, i) => {
    expect(sideOf.get(origin)).toBe(origin === 5 ? undefined : before.isTest[i]);
  });
  expect(sideOf.has(-1)).toBe(true);
});

it('draws all points of every set within its borders', () => {
  for (const { name } of sets) {
    const spec = { ...defaultSpec, ...otherSet(defaultSpec, name) };
    const points = pointsOf(spec.data);
    const { x, y } = domainOf(points);
    const { columns, inputs, targets } = points;
    targets.forEach((target, i) => {
      const [px, py] = [
        inputs[i * columns] as number,
        columns === 1 ? target : (inputs[2 * i + 1] as number),
      ];
      expect(px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1], `${name} ${px} ${py}`).toBe(true);
    });
    expect(sidesOf(spec).rows).toBeGreaterThan(0);
  }
});

it('tells hinges −1 for "not of this class", and other losses 0', () => {
  expect(numberForNo(make('loss', { type: 'binaryHinge' }))).toBe(-1);
  expect(numberForNo(make('loss', { type: 'squaredHinge' }))).toBe(-1);
  expect(numberForNo(make('loss', { type: 'binaryCrossEntropy' }))).toBe(0);
  expect(numberForNo(make('loss', { type: 'meanSquaredError' }))).toBe(0);
});

it('trains with every loss that is registered', async () => {
  for (const type of plugins.names('loss') as string[]) {
    const set = { ...data, set: 'gaussianClouds', noise: 0.5 };
    const spec = { ...defaultSpec, data: set, loss: { type }, backend: { type: 'cpu' }, layers: [] };
    const run = await Run.start({ spec, changes: [], steps: 0 });
    const { loss } = await run.scores();
    await run.advance(20);
    expect((await run.scores()).loss, type).toBeLessThan(loss);
    run.release();
  }
});

// Two copies of core in one program, as npm installs them where versions do not agree: noticed, and explained.
import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

let other: {
  core: typeof import('@neurite/core');
  activations: typeof import('@neurite/activations');
  layers: typeof import('@neurite/layers');
  losses: typeof import('@neurite/losses');
  cpu: typeof import('@neurite/backend-cpu');
};
beforeAll(async () => {
  vi.resetModules();
  other = {
    core: await import('@neurite/core'),
    activations: await import('@neurite/activations'),
    layers: await import('@neurite/layers'),
    losses: await import('@neurite/losses'),
    cpu: await import('@neurite/backend-cpu'),
  };
});
afterAll(() => vi.resetModules());

const explained = /comes from another copy of @neurite\/core: `npm ls @neurite\/core` shows both/;

it('is named where a layer, or a plugin in its options, is the other copy’s', () => {
  expect(other.core.sequential).not.toBe(sequential);
  expect(() => sequential([2], [other.layers.dense({ units: 1 })])).toThrow(explained);
  expect(() => sequential([2], [dense({ units: 1, activation: other.activations.relu() })])).toThrow(
    /the activation "relu" comes/,
  );
});

it('is named where a loss is the other copy’s', async () => {
  const network = sequential([2], [dense({ units: 1, activation: relu() })]);
  const options = { optimizer: sgd(), backend: cpu() };
  await expect(train(network, { ...options, loss: other.losses.meanSquaredError() })).rejects.toThrow(
    explained,
  );
});

it('does no harm between core and backend, whose programs are plain data', async () => {
  const network = sequential([2], [dense({ units: 1 })]);
  const trainer = await train(network, {
    loss: meanSquaredError(),
    optimizer: sgd(),
    backend: other.cpu.cpu(),
  });
  expect(await trainer.step({ inputs: [[1, 2]], targets: [[3]] })).toBeGreaterThan(0);
  trainer.release();
});

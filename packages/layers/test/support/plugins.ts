// Plugins of other families, of the smallest kind: a layer's package knows none of theirs.
import { activation, constraint, heNormal, loss, optimizer, regularizer } from '@neurite/core';

export const bend = activation('bend', (x) => x.mul(x.square().add(1)), { initializer: heNormal() });
export const flip = activation('flip', (x) => x.neg());
export const decay = regularizer('decay', {}, () => (w) => w.square().sum());
export const halved = constraint('halved', {}, () => (w) => w.mul(0.5));
export const descent = optimizer('descent', 1, {}, () => ({
  state: () => ({}),
  update: ({ gradient }) => ({ direction: gradient, state: {} }),
}));
export const sum = loss('sum', {}, () => (y) => y.reshape([y.shape[0]!, -1]).sum(-1));
export const squares = loss(
  'squares',
  {},
  () => (y, target) => y.sub(target).square().reshape([y.shape[0]!, -1]).mean(-1),
);

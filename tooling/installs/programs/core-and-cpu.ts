// Two packages: a layer and an activation of one's own, and predictions.
import { cpu } from '@neurite/backend-cpu';
import { activation, filled, layer, predictor, sequential } from '@neurite/core';

const square = activation('square', (x) => x.square());
const scale = layer('scale', { factor: 2 }, ({ factor }) => ({
  parameters: (input) => ({
    weight: { shape: input, initializer: filled({ value: 1 }), fanIn: 1, fanOut: 1, role: 'weight' as const },
  }),
  apply: ({ weight }, x) => square().apply(x.mul(weight).mul(factor)),
}));

export async function run(): Promise<string> {
  const network = sequential([2], [scale({ name: 'scaled' })]);
  const model = await predictor(network, { parameters: { 'scaled.weight': [1, 3] }, backend: cpu() });
  const numbers = await model.predict([[1, 1]]);
  model.release();
  if (String([...numbers]) !== '4,36') throw new Error(`(2x)² and (6x)² of 1 are not ${[...numbers]}`);
  return [...numbers].join(' ');
}

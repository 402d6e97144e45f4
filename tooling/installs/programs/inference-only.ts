// Predictions on WebAssembly, without a loss, an optimizer or a gradient.
import { sigmoid } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { predictor, sequential } from '@neurite/core';
import { dense } from '@neurite/layers';

export async function run(): Promise<string> {
  const network = sequential([3], [dense({ units: 1, activation: sigmoid() })]);
  const parameters = { 'output.weight': [2, -3, 1], 'output.bias': [-3] };
  const model = await predictor(network, { parameters, backend: wasm() });
  const [rate = 0] = await model.predict([[-1, -2, 0]]);
  model.release();
  if (Math.abs(rate - 1 / (1 + Math.exp(-1))) > 1e-6) throw new Error(`the firing rate is ${rate}`);
  return rate.toFixed(6);
}

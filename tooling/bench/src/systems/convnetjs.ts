// ConvNetJS trains example by example and updates after `batch_size` of them: a step is a batch of calls.
import library from 'convnetjs';
import packageData from 'convnetjs/package.json' with { type: 'json' };
import { layersOf } from '../rows.ts';
import type { System } from './system.ts';

export const convnetjs: System = {
  version: packageData.version,
  backend: 'js',
  threads: 1,
  create: ({ sizes, batch, inputs, labels, weights, learningRate, momentum }) => {
    const [width, ...hidden] = sizes as [number, ...number[]];
    const classes = hidden.pop() as number;
    const net = new library.Net();
    net.makeLayers([
      { type: 'input', out_sx: 1, out_sy: 1, out_depth: width },
      ...hidden.map((count) => ({ type: 'fc', num_neurons: count, activation: 'relu' })),
      { type: 'softmax', num_classes: classes },
    ]);
    for (const [index, layer] of net.layers.filter(({ layer_type }) => layer_type === 'fc').entries()) {
      const [fanIn, fanOut] = layersOf(sizes)[index] as [number, number];
      const values = weights[index] as Float32Array;
      for (const [o, filter] of layer.filters.entries()) {
        for (let i = 0; i < fanIn; i++) filter.w[i] = values[i * fanOut + o] as number;
      }
      layer.biases.w.fill(0);
    }
    const trainer = new library.Trainer(net, { learning_rate: learningRate, momentum, batch_size: batch });
    const examples = Array.from(
      labels,
      (_, example) => new library.Vol(Array.from(inputs.subarray(example * width, (example + 1) * width))),
    );
    return {
      call: () => {
        let total = 0;
        for (const [example, x] of examples.entries())
          total += trainer.train(x, labels[example] as number).loss;
        return total / batch;
      },
      dispose: () => {},
    };
  },
};

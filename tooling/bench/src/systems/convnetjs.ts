// ConvNetJS trains example by example and updates after `batch_size` of them: a step is a batch of calls.
import { requirePeer, versionOfPeer } from '../peers.ts';
import { layersOf } from '../rows.ts';
import type { System } from './system.ts';

interface Vol {
  readonly w: Float64Array;
}
interface Net {
  readonly layers: { layer_type: string; filters: Vol[]; biases: Vol }[];
  makeLayers(definitions: Record<string, unknown>[]): void;
}
interface Trainer {
  train(x: Vol, label: number): { loss: number };
}
interface ConvNetJS {
  Vol: new (values: number[]) => Vol;
  Net: new () => Net;
  Trainer: new (
    net: Net,
    options: { learning_rate: number; momentum: number; batch_size: number },
  ) => Trainer;
}

export const convnetjs = (library = requirePeer<ConvNetJS>('convnetjs')): System => ({
  version: versionOfPeer('convnetjs'),
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
});

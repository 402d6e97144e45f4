// TensorFlow.js on its `cpu` backend. Variables and optimizer.minimize, which is the fastest form that its users write:
// trainOnBatch of a layers model takes up to twice as long on small networks, and fused.matMul gains nothing.
import * as tf from '@tensorflow/tfjs';
import { layersOf } from '../rows.ts';
import type { System } from './system.ts';

export const tfjs: System = {
  version: tf.version.tfjs,
  backend: 'cpu',
  threads: 1,
  create: async ({ sizes, batch, inputs, labels, weights, learningRate, momentum }) => {
    tf.enableProdMode();
    await tf.setBackend('cpu');
    const x = tf.tensor2d(inputs, [batch, sizes[0] as number]);
    const y = tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), sizes.at(-1) as number).toFloat());
    const layers = layersOf(sizes).map(([fanIn, fanOut], layer) => ({
      weight: tf.variable(tf.tensor2d(weights[layer] as Float32Array, [fanIn, fanOut])),
      bias: tf.variable(tf.zeros<tf.Rank.R1>([fanOut])),
    }));
    const variables = layers.flatMap(({ weight, bias }) => [weight, bias]);
    const optimizer = tf.train.momentum(learningRate, momentum);

    const loss = (): tf.Scalar => {
      let values = x;
      for (const [layer, { weight, bias }] of layers.entries()) {
        const scores = tf.add<tf.Tensor2D>(tf.matMul(values, weight), bias);
        values = layer < layers.length - 1 ? tf.relu(scores) : scores;
      }
      return tf.losses.softmaxCrossEntropy(y, values);
    };

    return {
      call: () => {
        const cost = optimizer.minimize(loss, true, variables) as tf.Scalar;
        const value = cost.dataSync()[0] as number;
        cost.dispose();
        return value;
      },
      dispose: () => {
        optimizer.dispose();
        tf.dispose([x, y, ...variables]);
      },
    };
  },
};

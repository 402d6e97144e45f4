// ml-fnn: whole batches in plain JavaScript.
import { requirePeer, versionOfPeer } from '../peers.ts';
import { examplesOf } from './examples.ts';
import type { System } from './system.ts';

interface Matrix {
  readonly rows: number;
  get(row: number, column: number): number;
}
interface Network {
  /** What it knows of the classes once it trains: the column of each. */
  readonly dicts: { readonly inputs: Readonly<Record<number, number>> };
  train(inputs: number[][], labels: number[]): void;
  backpropagation(inputs: Matrix, labels: number[], probabilities: Matrix): void;
}
type MlFnn = new (options: {
  hiddenLayers: number[];
  iterations: number;
  learningRate: number;
  regularization: number;
}) => Network;

export const mlFnn = (library = requirePeer<MlFnn & { default?: MlFnn }>('ml-fnn')): System => ({
  version: versionOfPeer('ml-fnn'),
  backend: 'js',
  threads: 1,
  different: true,
  note: 'ml-fnn: tanh whatever is asked for, no momentum, gradients summed over the batch',
  create: (problem) => {
    const { sizes, batch, learningRate } = problem;
    const net = new (library.default ?? library)({
      hiddenLayers: sizes.slice(1, -1),
      iterations: 1,
      learningRate: learningRate / batch,
      regularization: 1e-9, // 0 would mean 0.01
    });
    const inputs = examplesOf(problem).map(({ input }) => input);
    const labels = Array.from(problem.labels);
    // It tells no loss, so its probabilities are read on their way back.
    let loss = Number.NaN;
    const original = net.backpropagation.bind(net);
    net.backpropagation = (x, classes, probabilities) => {
      loss = 0;
      for (const [row, label] of classes.entries()) {
        loss -= Math.log(probabilities.get(row, net.dicts.inputs[label] as number)) / batch;
      }
      original(x, classes, probabilities);
    };
    return {
      call: () => {
        net.train(inputs, labels);
        return loss;
      },
      dispose: () => {},
    };
  },
});

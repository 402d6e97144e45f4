// brain.js: its NeuralNetwork; the version for GPUs needs a native OpenGL.
import { requirePeer, versionOfPeer } from '../peers.ts';
import { workOf } from '../rows.ts';
import { type Example, examplesOf } from './examples.ts';
import type { System } from './system.ts';

interface NeuralNetwork {
  train(
    examples: Example[],
    options: { iterations: number; errorThresh: number; learningRate: number; momentum: number },
  ): { error: number };
}
interface Brain {
  NeuralNetwork: new (options: {
    inputSize: number;
    hiddenLayers: number[];
    outputSize: number;
    activation: 'sigmoid';
  }) => NeuralNetwork;
}

export const brain = ({ NeuralNetwork } = requirePeer<Brain>('brain.js')): System => ({
  version: versionOfPeer('brain.js'),
  backend: 'js',
  threads: 1,
  different: true,
  note: 'brain.js: sigmoid and squared error, one update an example; a step is a pass over the batch',
  create: (problem) => {
    const { sizes, learningRate, momentum } = problem;
    const net = new NeuralNetwork({
      inputSize: sizes[0] as number,
      hiddenLayers: sizes.slice(1, -1),
      outputSize: sizes.at(-1) as number,
      activation: 'sigmoid',
    });
    const examples = examplesOf(problem);
    // So many that preparing the examples, which train() does first, does not count.
    const iterations = workOf(problem) < 1e6 ? 100 : 1;
    const options = { iterations, errorThresh: 1e-12, learningRate, momentum };
    return {
      stepsPerCall: iterations,
      call: () => net.train(examples, options).error,
      dispose: () => {},
    };
  },
});

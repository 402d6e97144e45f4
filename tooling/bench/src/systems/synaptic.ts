// synaptic: a perceptron of neurons. It writes JavaScript for each network, a statement a connection.
import { requirePeer, versionOfPeer } from '../peers.ts';
import { layersOf } from '../rows.ts';
import { examplesOf } from './examples.ts';
import type { System } from './system.ts';

interface Network {
  activate(input: number[]): number[];
  propagate(rate: number, target: number[]): void;
}
interface Synaptic {
  Architect: { Perceptron: new (...sizes: number[]) => Network };
}

const mostConnections = 20_000;

export const synaptic = ({ Architect } = requirePeer<Synaptic>('synaptic')): System => ({
  version: versionOfPeer('synaptic'),
  backend: 'js',
  threads: 1,
  different: true,
  note: 'synaptic: sigmoid and squared error, no momentum, one update an example; a step is a pass over the batch',
  create: (problem) => {
    const { sizes, batch, learningRate } = problem;
    const connections = layersOf(sizes).reduce((sum, [fanIn, fanOut]) => sum + fanIn * fanOut, 0);
    if (connections > mostConnections) {
      throw new Error(
        `not measured: synaptic needs a quarter of a minute to build 100,000 connections, and seconds a step; this has ${connections}`,
      );
    }
    const net = new Architect.Perceptron(...sizes);
    const examples = examplesOf(problem);
    return {
      call: () => {
        let total = 0;
        for (const { input, output } of examples) {
          const scores = net.activate(input);
          for (const [i, score] of scores.entries()) total += (score - (output[i] as number)) ** 2;
          net.propagate(learningRate, output);
        }
        return total / batch;
      },
      dispose: () => {},
    };
  },
});

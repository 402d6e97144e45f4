// ONNX Runtime, which is native code: runs a training step that was written out as a graph.
import { availableParallelism } from 'node:os';
import { requirePeer, versionOfPeer } from '../peers.ts';
import { oneHot } from '../shuffle.ts';
import { onnxStep, statesOf } from './onnxGraph.ts';
import type { System } from './system.ts';

interface Tensor {
  readonly data: Float32Array;
}
type Tensors = Record<string, Tensor>;
interface Onnx {
  Tensor: new (dtype: 'float32', data: Float32Array, shape: number[]) => Tensor;
  InferenceSession: {
    create(model: Uint8Array): Promise<{ run(inputs: Tensors): Promise<Tensors>; release(): Promise<void> }>;
  };
}

export const onnx = (library = requirePeer<Onnx>('onnxruntime-node')): System => ({
  version: versionOfPeer('onnxruntime-node'),
  backend: 'native',
  threads: availableParallelism(),
  note: 'ONNX Runtime: native code with its own threads, on a step that was written as a graph for it',
  create: async (problem) => {
    const { sizes, batch, inputs, labels, weights } = problem;
    const [width, classes] = [sizes[0] as number, sizes.at(-1) as number];
    const session = await library.InferenceSession.create(onnxStep(problem));
    const tensor = (data: Float32Array, shape: number[]) => new library.Tensor('float32', data, shape);
    const states = statesOf(sizes);
    const known: Tensors = {
      x: tensor(inputs, [batch, width]),
      y: tensor(oneHot(labels, classes), [batch, classes]),
    };
    for (const { name, shape } of states) {
      const length = shape.reduce((product, size) => product * size, 1);
      known[name] = tensor(new Float32Array(length), shape);
    }
    for (const [layer, values] of weights.entries()) {
      known[`w${layer}`] = tensor(values, [sizes[layer] as number, sizes[layer + 1] as number]);
    }
    return {
      call: async () => {
        const results = await session.run(known);
        for (const { name } of states) known[name] = results[`next.${name}`] as Tensor;
        return (results.loss as Tensor).data[0] as number;
      },
      dispose: () => void session.release(),
    };
  },
});

// TensorFlow.js on its `cpu` and `wasm` backends. Variables and optimizer.minimize, which is the fastest form that its
// users write: trainOnBatch of a layers model takes up to twice as long on small networks, and fused.matMul gains nothing.
import { peerFile, requirePeer, versionOfPeer } from '../peers.ts';
import { layersOf, type Problem } from '../rows.ts';
import { shuffled } from '../shuffle.ts';
import type { Images, System } from './system.ts';

interface Tensor {
  toFloat(): Tensor;
  div(divisor: number): Tensor;
  dataSync(): Float32Array;
  dispose(): void;
}
interface Optimizer {
  minimize(loss: () => Tensor, returnCost: boolean, variables: Tensor[]): Tensor;
  dispose(): void;
}
interface Tf {
  enableProdMode(): void;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  tensor1d(values: ArrayLike<number>, dtype: 'int32'): Tensor;
  tensor2d(values: Float32Array | Uint8Array, shape: number[], dtype?: 'int32'): Tensor;
  variable(first: Tensor): Tensor;
  zeros(shape: number[]): Tensor;
  oneHot(labels: Tensor, classes: number): Tensor;
  gather(values: Tensor, rows: Tensor): Tensor;
  slice(values: Tensor, begin: number, size: number): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  relu(values: Tensor): Tensor;
  tidy<T extends Tensor>(act: () => T): T;
  dispose(tensors: Tensor[]): void;
  losses: { softmaxCrossEntropy(targets: Tensor, scores: Tensor): Tensor };
  train: { momentum(learningRate: number, momentum: number): Optimizer };
}
interface TfWasm {
  setWasmPaths(folder: string): void;
  getThreadsCount(): number;
}

export async function tfjs(backend: 'cpu' | 'wasm'): Promise<System> {
  const tf = requirePeer<Tf>('@tensorflow/tfjs');
  tf.enableProdMode();
  let threads = 1;
  if (backend === 'wasm') {
    const library = requirePeer<TfWasm>('@tensorflow/tfjs-backend-wasm');
    library.setWasmPaths(peerFile('@tensorflow/tfjs-backend-wasm', 'dist/'));
    await activate(tf, backend);
    threads = library.getThreadsCount();
  }
  return {
    version: versionOfPeer('@tensorflow/tfjs'),
    backend,
    threads,
    ...(backend === 'wasm' && threads === 1 && { note: 'its threads do not start in Node' }),
    create: async (problem) => {
      await activate(tf, backend);
      const { width, classes, variables, optimizer, scoresOf } = build(tf, problem);
      const x = tf.tensor2d(problem.inputs, [problem.batch, width]);
      const y = tf.tidy(() => tf.oneHot(tf.tensor1d(problem.labels, 'int32'), classes).toFloat());
      const loss = (): Tensor => tf.losses.softmaxCrossEntropy(y, scoresOf(x));
      const step = (): number => {
        const cost = optimizer.minimize(loss, true, variables);
        const value = cost.dataSync()[0] as number;
        cost.dispose();
        return value;
      };
      return {
        // Both backends take turns in one process: awaits only when it is the other's turn that ended.
        call: () => (tf.getBackend() === backend ? step() : activate(tf, backend).then(step)),
        dispose: () => {
          optimizer.dispose();
          tf.dispose([x, y, ...variables]);
        },
      };
    },
    classifier: async (problem) => {
      await activate(tf, backend);
      const { width, classes, variables, optimizer, scoresOf } = build(tf, problem);
      let set: { of: Images; inputs: Tensor; targets: Tensor } | undefined;
      return {
        epoch: async (images) => {
          await activate(tf, backend);
          const examples = images.targets.length;
          if (set?.of !== images) {
            const inputs = tf.tidy(() =>
              tf.tensor2d(images.inputs, [examples, width], 'int32').toFloat().div(255),
            );
            set = { of: images, inputs, targets: tf.tensor1d(images.targets, 'int32') };
          }
          const { inputs, targets } = set;
          const order = tf.tensor1d(shuffled(examples), 'int32');
          for (let begin = 0; begin < examples; begin += problem.batch) {
            const count = Math.min(problem.batch, examples - begin);
            const rows = tf.slice(order, begin, count);
            const x = tf.gather(inputs, rows);
            const y = tf.tidy(() => tf.oneHot(tf.gather(targets, rows), classes).toFloat());
            optimizer
              .minimize(() => tf.losses.softmaxCrossEntropy(y, scoresOf(x)), true, variables)
              .dispose();
            tf.dispose([rows, x, y]);
          }
          order.dispose();
        },
        predict: async (inputs, rows) => {
          if (tf.getBackend() !== backend) await activate(tf, backend);
          const scores = tf.tidy(() => scoresOf(tf.tensor2d(inputs, [rows, width])));
          const values = scores.dataSync();
          scores.dispose();
          return values;
        },
        dispose: () => {
          optimizer.dispose();
          tf.dispose([...variables, ...(set ? [set.inputs, set.targets] : [])]);
        },
      };
    },
  };
}

async function activate(tf: Tf, backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`its backend ${backend} could not be started`);
}

function build(tf: Tf, { sizes, weights, learningRate, momentum }: Problem) {
  const layers = layersOf(sizes).map(([fanIn, fanOut], layer) => ({
    weight: tf.variable(tf.tensor2d(weights[layer] as Float32Array, [fanIn, fanOut])),
    bias: tf.variable(tf.zeros([fanOut])),
  }));
  return {
    width: sizes[0] as number,
    classes: sizes.at(-1) as number,
    variables: layers.flatMap(({ weight, bias }) => [weight, bias]),
    optimizer: tf.train.momentum(learningRate, momentum),
    scoresOf: (x: Tensor): Tensor => {
      let values = x;
      for (const [layer, { weight, bias }] of layers.entries()) {
        const scores = tf.add(tf.matMul(values, weight), bias);
        values = layer < layers.length - 1 ? tf.relu(scores) : scores;
      }
      return values;
    },
  };
}

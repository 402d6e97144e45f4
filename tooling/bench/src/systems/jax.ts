// jax-js on its `wasm` backend: a whole step, its gradient included, in one jit. `.ref` keeps an array that is used again.
import { importPeer, versionOfPeer } from '../peers.ts';
import { layersOf, type Problem } from '../rows.ts';
import { gather, oneHot, shuffled } from '../shuffle.ts';
import type { System } from './system.ts';

interface JaxArray {
  readonly ref: JaxArray;
  add(other: JaxArray): JaxArray;
  sub(other: JaxArray): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  sum(): JaxArray;
  reshape(shape: number[]): JaxArray;
  dataSync(): Float32Array;
  dispose(): void;
}
type Tree = JaxArray[];
type Jit = <F>(compute: F) => F & { dispose?(): void };
interface Jax {
  init(device: 'wasm'): Promise<string[]>;
  defaultDevice(device: 'wasm'): void;
  jit: Jit;
  valueAndGrad(
    loss: (parameters: Tree, x: JaxArray, y: JaxArray) => JaxArray,
  ): (parameters: Tree, x: JaxArray, y: JaxArray) => [JaxArray, Tree];
  numpy: {
    array(values: Float32Array): JaxArray;
    zeros(shape: number[]): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
  };
  nn: { relu(values: JaxArray): JaxArray; logSoftmax(values: JaxArray): JaxArray };
}

export async function jax(): Promise<System> {
  const library = await importPeer<Jax>('@jax-js/jax', 'dist/index.js');
  const available = await library.init('wasm');
  if (!available.includes('wasm')) throw new Error('its wasm backend could not be started');
  library.defaultDevice('wasm');
  return {
    version: versionOfPeer('@jax-js/jax'),
    backend: 'wasm',
    threads: 1,
    note: 'its threads need the global Worker of browsers, which Node lacks',
    create: (problem) => {
      const network = build(library, problem);
      const { batch, sizes, inputs, labels } = problem;
      const x = network.matrix(inputs, sizes[0] as number);
      const y = network.matrix(oneHot(labels, sizes.at(-1) as number), sizes.at(-1) as number);
      return {
        call: () => network.step(x.ref, y.ref, batch).dataSync()[0] as number,
        dispose: () => {
          x.dispose();
          y.dispose();
          network.dispose();
        },
      };
    },
    classifier: (problem) => {
      const network = build(library, problem);
      const { batch, sizes } = problem;
      const [width, classes] = [sizes[0] as number, sizes.at(-1) as number];
      return {
        epoch: ({ inputs, targets }) => {
          const order = shuffled(targets.length);
          for (let begin = 0; begin < order.length; begin += batch) {
            const rows = order.subarray(begin, begin + batch);
            const labels = rows.map((row) => targets[row] as number);
            const x = network.matrix(gather(inputs, width, rows), width);
            // Reading is what makes it compute: losses that nobody reads pile up, and each step takes longer.
            network.step(x, network.matrix(oneHot(labels, classes), classes), rows.length).dataSync();
          }
        },
        predict: (inputs) => network.predict(network.matrix(inputs, width)).dataSync(),
        dispose: network.dispose,
      };
    },
  };
}

function build({ numpy, nn, jit, valueAndGrad }: Jax, { sizes, weights, learningRate, momentum }: Problem) {
  const layers = layersOf(sizes);
  let parameters: Tree = layers.flatMap(([fanIn, fanOut], layer) => [
    numpy.array(weights[layer] as Float32Array).reshape([fanIn, fanOut]),
    numpy.zeros([fanOut]),
  ]);
  let velocities: Tree = layers.flatMap(([fanIn, fanOut]) => [
    numpy.zeros([fanIn, fanOut]),
    numpy.zeros([fanOut]),
  ]);
  const keep = (tree: Tree): Tree => tree.map(({ ref }) => ref);

  const scoresOf = (tree: Tree, x: JaxArray): JaxArray =>
    layers.reduce((values, _, layer) => {
      const scores = numpy.matmul(values, tree[2 * layer] as JaxArray).add(tree[2 * layer + 1] as JaxArray);
      return layer < layers.length - 1 ? nn.relu(scores) : scores;
    }, x);

  const makeStep = (batch: number) =>
    jit((tree: Tree, moving: Tree, x: JaxArray, y: JaxArray): [JaxArray, Tree, Tree] => {
      const loss = (values: Tree, inputs: JaxArray, targets: JaxArray) =>
        nn
          .logSoftmax(scoresOf(values, inputs))
          .mul(targets)
          .sum()
          .mul(-1 / batch);
      const [value, gradients] = valueAndGrad(loss)(keep(tree), x, y);
      const next = moving.map((velocity, i) => velocity.mul(momentum).add(gradients[i] as JaxArray));
      const moved = tree.map((values, i) => values.sub((next[i] as JaxArray).ref.mul(learningRate)));
      return [value, moved, next];
    });
  const steps = new Map<number, ReturnType<typeof makeStep>>();
  const forward = jit(scoresOf);

  return {
    matrix: (values: Float32Array, columns: number): JaxArray =>
      numpy.array(values).reshape([values.length / columns, columns]),
    step: (x: JaxArray, y: JaxArray, batch: number): JaxArray => {
      const step = steps.get(batch) ?? makeStep(batch);
      steps.set(batch, step);
      const [loss, moved, next] = step(parameters, velocities, x, y);
      [parameters, velocities] = [moved, next];
      return loss;
    },
    predict: (x: JaxArray): JaxArray => forward(keep(parameters), x),
    dispose: (): void => {
      for (const array of [...parameters, ...velocities]) array.dispose();
      for (const step of steps.values()) step.dispose?.();
      forward.dispose?.();
    },
  };
}

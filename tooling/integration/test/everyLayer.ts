// Networks with every layer and every activation, for what has to hold for each of them.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { type Activation, graph, type Layer, type Network, sizeOf, type Trainer, train } from '@neurite/core';
import * as layers from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { sampleNumbers } from '@neurite/testing';

const { dense, maxout } = layers;

/** Every activation: with its defaults, and some otherwise. */
export const everyActivation: readonly Activation[] = [
  ...Object.values(activations).map((make) => make()),
  activations.gelu({ approximation: 'tanh' }),
  activations.leakyRelu({ slope: 0.3 }),
  activations.celu({ alpha: 0.3 }),
  activations.elu({ alpha: 2 }),
];

/** One or more of every layer, by its type. */
const everyLayer: Readonly<Record<keyof typeof layers, readonly Layer[]>> = {
  activation: [layers.activation({ activation: activations.tanh() })],
  alphaDropout: [layers.alphaDropout()],
  batchNorm: [layers.batchNorm(), layers.batchNorm({ affine: false, epsilon: 0.1 })],
  dense: [dense({ units: 3 }), dense({ units: 7, bias: false, activation: activations.relu() })],
  dropout: [layers.dropout()],
  embedding: [layers.embedding({ count: 5, size: 3 })],
  flatten: [layers.flatten()],
  gaussianDropout: [layers.gaussianDropout()],
  gaussianNoise: [layers.gaussianNoise()],
  layerNorm: [layers.layerNorm(), layers.layerNorm({ affine: false })],
  maxout: [maxout({ units: 3 }), maxout({ units: 2, pieces: 3, bias: false })],
  prelu: [layers.prelu()],
  rescale: [layers.rescale({ scale: 0.5, offset: 1 })],
  reshape: [layers.reshape({ sizes: [3, 2] })],
  rmsNorm: [layers.rmsNorm(), layers.rmsNorm({ affine: false })],
  standardize: [layers.standardize()],
};

/** An output for each activation. */
export const networkOfActivations = (): Network =>
  graph([4], (x, use) =>
    Object.fromEntries(
      everyActivation.map((activation, i) => [
        `${activation.type}${i}`,
        use(layers.activation({ activation }), x),
      ]),
    ),
  );

/** Outputs for each layer, on rows and on images where it takes both. The input `whole` is for numbers 0 … 4. */
export const networkOfLayers = (): Network =>
  graph({ flat: [6], image: [2, 3], whole: [2] }, ({ flat, image, whole }, use) => {
    const { embedding, ...others } = everyLayer;
    const outputs = Object.values(others).flatMap((list) =>
      list.flatMap((one, i) => {
        const onRows = [`${one.type}${i}`, use(one, flat)] as const;
        if (one.type === 'dense' || one.type === 'maxout') return [onRows];
        return [onRows, [`${one.type}${i}OfImage`, use({ ...one }, image)] as const];
      }),
    );
    return Object.fromEntries([...outputs, ['embedding', use(embedding[0] as Layer, whole)]]);
  });

/** Numbers for an input of one of these networks. */
export const numbersFor = (input: string, length: number): Float32Array =>
  input === 'whole'
    ? Float32Array.from({ length }, (_, i) => (i * 7) % 5)
    : new Float32Array(sampleNumbers(length, { seed: 9, low: -5, high: 5 }));

/** A trainer whose parameters and layer state are random, so that none of them can be forgotten unnoticed. */
export async function trainerOf(network: Network, dtype?: 'float64'): Promise<Trainer> {
  const losses = Object.fromEntries(network.outputs.map(({ name }) => [name, meanSquaredError()]));
  const loss = network.outputs.length === 1 ? meanSquaredError() : losses;
  const trainer = await train(network, { loss, optimizer: sgd(), backend: cpu(), dtype });
  const numbers = (parts: Network['state'] | Network['parameters'], low: number) =>
    Object.fromEntries(
      parts.map(({ name, shape }, i) => [name, sampleNumbers(sizeOf(shape), { seed: i + 1, low, high: 1 })]),
    );
  await trainer.writeParameters(numbers(network.parameters, -1));
  await trainer.writeLayerState(numbers(network.state, 0.1)); // variances are above 0
  return trainer;
}

/** What a conversion takes. */
export const valuesOf = async (trainer: Trainer) => ({
  ...(await trainer.readParameters()),
  ...(await trainer.readLayerState()),
});

import { sigmoid, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import { type Activation, evaluate, placeholder, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { activation, dense } from '@neurite/layers';
import { meanSquaredError, softmaxCrossEntropy } from '@neurite/losses';
import { momentum, sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, report } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { largestDifference, mean, range } from '../../numbers.ts';

async function experiment({ seed }: { seed: number }) {
  const xs = range(-20, 20, 801);
  const x = placeholder('x', [801, 1], { dtype: 'float64' });
  const scaled = sigmoid().apply(x.mul(2)).mul(2).sub(1);
  const [exact, fromSigmoid] = evaluate([tanh().apply(x), scaled], { x: xs });
  const inDouble = largestDifference(exact!, fromSigmoid!);

  const onBackend = async (f: Activation, backend: ReturnType<typeof cpu>, inputs: readonly number[]) => {
    const network = sequential([1], [activation({ activation: f })]);
    const trainer = await train(network, { loss: meanSquaredError(), optimizer: sgd(), backend });
    return trainer.predict(inputs);
  };
  let inSingle = 0;
  for (const backend of [cpu(), wasm({ threads: 1 })]) {
    const direct = await onBackend(tanh(), backend, xs);
    const half = await onBackend(
      sigmoid(),
      backend,
      xs.map((at) => 2 * at),
    );
    inSingle = Math.max(
      inSingle,
      largestDifference(
        direct,
        half.map((s) => 2 * s - 1),
      ),
    );
  }

  const losses = async (f: Activation) => {
    const network = sequential([2], [dense({ units: 20, activation: f }), dense({ units: 2 })]);
    const optimizer = momentum({ learningRate: 0.2 });
    const trainer = await train(network, {
      loss: softmaxCrossEntropy(),
      optimizer,
      backend: wasm({ threads: 1, deterministic: true }),
      seed,
    });
    return (
      await trainer.fit(spiral({ examples: 100, turns: 0.75 }), { epochs: 300, batchSize: 100 })
    ).epochs.map(({ loss }) => loss);
  };
  const [withTanh, withSigmoid] = [await losses(tanh()), await losses(sigmoid())];
  return { inDouble, inSingle, centre: mean(exact!), withTanh, withSigmoid };
}

export const claim = defineClaim({
  number: 18,
  title: 'tanh is a sigmoid, stretched and centred: $\\tanh x = 2\\sigma(2x) - 1$',
  text: `
The hyperbolic tangent saturates as the sigmoid does, but lies around zero, so what it hands on has both signs. That alone
makes it the better of the two: here both learn the same spiral, from the same seed, and the loss with tanh is ahead of that with the
sigmoid, which has hardly begun. The identity holds to the last digits of double precision, and to those of single precision
on both backends.`,
  experiment,
  facts: ({ inDouble, inSingle, centre, withTanh, withSigmoid }) => [
    below('Largest deviation in double precision', inDouble, 1e-15),
    below('In single precision, on JavaScript and WebAssembly', inSingle, 4e-7),
    below('Mean of tanh over −20 … 20', Math.abs(centre), 1e-12),
    report('Loss after 300 epochs with tanh', withTanh.at(-1)!),
    report('with the sigmoid', withSigmoid.at(-1)!),
  ],
  refutedBy: (result) => ({ ...result, inDouble: 0.1 }),
  figure: ({ withTanh, withSigmoid }) => {
    const drawn = (losses: readonly number[]) => losses.map((loss, i) => [i + 1, loss] as const);
    return chart({
      title: 'Loss on a spiral with tanh and with sigmoids',
      x: { domain: [1, 300], label: 'epoch' },
      y: { domain: [0, 0.8], label: 'mean loss' },
      marks: [line(drawn(withTanh)), line(drawn(withSigmoid), { series: 2 })],
      legend: ['tanh', 'sigmoid'],
    });
  },
});

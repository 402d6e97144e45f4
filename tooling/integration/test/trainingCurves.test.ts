// Whole trainings against PyTorch's, and against plain loops over numbers.
//
// The reference prints nine digits of every input, weight and result, so its curves are those of slightly other numbers.
// "the ninth digit" below measures what that comes to: up to 3e-9 after thirty steps, which is all by which we differ from
// PyTorch. What it cannot tell, the plain loops do: they agree with us to 1e-13.
import { relu, sigmoid, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { type Activation, sequential, type TrainOptions, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { multiclassHinge, softmaxCrossEntropy } from '@neurite/losses';
import { adam, momentum, sgd } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { describe, expect, test } from 'vitest';
import reference from './fixtures/training.json' with { type: 'json' };
import { type PlainTraining, plainTraining } from './plainTraining.ts';

type CurveName = keyof typeof reference.curves;
type Curve = (typeof reference.curves)[CurveName];
interface Ways {
  readonly activation: Activation;
  readonly options: Omit<TrainOptions, 'backend'>;
  readonly plain: Omit<PlainTraining, 'sizes' | 'weights' | 'biases'>;
}

const crossEntropy: PlainTraining['loss'] = (scores, label) => {
  const largest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const sum = exponentials.reduce((a, b) => a + b);
  return {
    value: Math.log(sum) + largest - scores[label]!,
    gradient: exponentials.map((e, j) => e / sum - (j === label ? 1 : 0)),
  };
};

const hinge: PlainTraining['loss'] = (scores, label) => {
  const gradient = scores.map(() => 0);
  let value = 0;
  scores.forEach((score, j) => {
    const excess = score - scores[label]! + 1;
    if (j === label || excess <= 0) return;
    value += excess;
    gradient[j]! += 1;
    gradient[label]! -= 1;
  });
  return { value, gradient };
};

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const ways: Record<CurveName, Ways> = {
  '3-4-4-3 tanh, cross-entropy, sgd 0.1': {
    activation: tanh(),
    options: { loss: softmaxCrossEntropy(), optimizer: sgd({ learningRate: 0.1 }) },
    plain: {
      activation: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
      loss: crossEntropy,
      decay: 0,
      makeRule: () => (gradient) => 0.1 * gradient,
    },
  },
  '5-16-3 relu, cross-entropy, momentum 0.05 0.9, l2 strength 0.01 (lambda/2 * sum of squares) on weights': {
    activation: relu(),
    options: {
      loss: softmaxCrossEntropy(),
      optimizer: momentum({ learningRate: 0.05, momentum: 0.9 }),
      regularizer: l2({ strength: 0.01 }),
    },
    plain: {
      activation: { value: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) },
      loss: crossEntropy,
      decay: 0.01,
      makeRule: () => {
        let velocity = 0;
        return (gradient) => {
          velocity = 0.9 * velocity + gradient;
          return 0.05 * velocity;
        };
      },
    },
  },
  '5-12-4 sigmoid, multiclass hinge, adam 0.01': {
    activation: sigmoid(),
    options: { loss: multiclassHinge(), optimizer: adam({ learningRate: 0.01 }) },
    plain: {
      activation: { value: logistic, slope: (x) => logistic(x) * (1 - logistic(x)) },
      loss: hinge,
      decay: 0,
      makeRule: () => {
        let mean = 0;
        let variance = 0;
        return (gradient, step) => {
          mean = 0.9 * mean + 0.1 * gradient;
          variance = 0.999 * variance + 0.001 * gradient ** 2;
          const deviation = Math.sqrt(variance / (1 - 0.999 ** step));
          return (0.01 * (mean / (1 - 0.9 ** step))) / (deviation + 1e-8);
        };
      },
    },
  },
};

/** Losses of all steps, then the parameters after the last. */
interface Result {
  readonly losses: readonly number[];
  readonly weights: readonly number[];
  readonly biases: readonly number[];
}

const expected = (curve: Curve): Result => ({
  losses: curve.loss,
  weights: curve.finalWeights.flat(),
  biases: curve.finalBiases.flat(),
});

/** Step s is on rows (s mod 5) · batch onwards. */
const batches = ({ sizes, batch, inputs, labels, loss }: Curve) =>
  loss.map((_, step) => {
    const row = (step % 5) * batch;
    return {
      inputs: inputs.slice(row * sizes[0]!, (row + batch) * sizes[0]!),
      targets: labels.slice(row, row + batch),
    };
  });

async function ours(name: CurveName, dtype: 'float64' | 'float32'): Promise<Result> {
  const curve = reference.curves[name];
  const { activation, options } = ways[name];
  const [input, ...units] = curve.sizes as [number, ...number[]];
  const layers = units.map((count, i) =>
    dense({ units: count, activation: i < units.length - 1 ? activation : undefined, name: `layer${i}` }),
  );
  const trainer = await train(sequential([input], layers), { ...options, backend: cpu(), dtype });
  layers.forEach(({ name: layer }, i) => {
    trainer.writeParameters({
      [`${layer}.weight`]: curve.weights[i]!,
      [`${layer}.bias`]: curve.biases[i]!,
    });
  });
  const losses: number[] = [];
  for (const batch of batches(curve)) losses.push(await trainer.step(batch));
  const parameters = await trainer.readParameters();
  const all = (key: string) => layers.flatMap(({ name: layer }) => [...parameters[`${layer}.${key}`]!]);
  trainer.release();
  return { losses, weights: all('weight'), biases: all('bias') };
}

/** @param round what becomes of each given number. */
function plain(name: CurveName, round: (x: number) => number = (x) => x): Result {
  const curve = reference.curves[name];
  const rounded = { ...curve, inputs: curve.inputs.map(round) };
  const weights = curve.weights.map((numbers) => numbers.map(round));
  const biases = curve.biases.map((numbers) => numbers.map(round));
  const step = plainTraining({ ...ways[name].plain, sizes: curve.sizes, weights, biases });
  const losses = batches(rounded).map(({ inputs, targets }) => step(inputs, targets));
  return { losses, weights: weights.flat(), biases: biases.flat() };
}

function largestDifference(a: Result, b: Result): number {
  const differences = (['losses', 'weights', 'biases'] as const).flatMap((key) => {
    expect(a[key]).toHaveLength(b[key].length);
    return a[key].map((value, i) => Math.abs(value - b[key][i]!));
  });
  return Math.max(...differences);
}

describe.each(Object.keys(ways) as CurveName[])('%s', (name) => {
  const pytorch = expected(reference.curves[name]);

  test('in float64 every loss and every final parameter equals plain loops to 1e-13', async () => {
    expect(largestDifference(await ours(name, 'float64'), plain(name))).toBeLessThan(1e-13);
  });

  test('in float64 it follows PyTorch as closely as its nine digits allow: to 3e-9', async () => {
    expect(largestDifference(await ours(name, 'float64'), pytorch)).toBeLessThan(3e-9);
  });

  test('in float32 it follows PyTorch to 1e-6', async () => {
    expect(largestDifference(await ours(name, 'float32'), pytorch)).toBeLessThan(1e-6);
  });

  test('the ninth digit of what the reference prints explains the difference from PyTorch', () => {
    const exact = plain(name);
    // Half a unit of the ninth digit up or down, for each given number.
    const halfUnit = (x: number) => (x === 0 ? 0 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(x))) - 8));
    let state = 1;
    const moved = Array.from({ length: 10 }, () =>
      plain(name, (x) => {
        state = (state * 48271) % 2147483647;
        return x + (state % 2 === 0 ? 1 : -1) * halfUnit(x);
      }),
    );
    const spread = Math.max(...moved.map((result) => largestDifference(result, exact)));
    const printed = Math.max(...pytorch.weights.map(halfUnit), ...pytorch.losses.map(halfUnit));
    expect(largestDifference(exact, pytorch)).toBeLessThan(spread + printed);
  });
});

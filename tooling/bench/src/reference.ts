// Training written out in plain loops: slow, and easy to believe.
import type { Problem } from './rows.ts';
import { layersOf } from './rows.ts';

/** The losses of the first `steps` steps, each before its update. */
export function referenceLosses(problem: Problem, steps: number): number[] {
  const { sizes, batch, inputs, labels, learningRate, momentum } = problem;
  const layers = layersOf(sizes).map(([fanIn, fanOut], layer) => ({
    fanIn,
    fanOut,
    weight: trained(Float64Array.from(problem.weights[layer] as Float32Array)),
    bias: trained(new Float64Array(fanOut)),
    relu: layer < sizes.length - 2,
  }));
  const width = sizes[0] as number;

  return Array.from({ length: steps }, () => {
    let loss = 0;
    for (let example = 0; example < batch; example++) {
      const label = labels[example] as number;
      const values = [Float64Array.from(inputs.subarray(example * width, (example + 1) * width))];
      for (const { fanIn, fanOut, weight, bias, relu } of layers) {
        const x = values.at(-1) as Float64Array;
        const y = bias.value.slice();
        for (let i = 0; i < fanIn; i++)
          for (let o = 0; o < fanOut; o++) y[o]! += x[i]! * weight.value[i * fanOut + o]!;
        values.push(relu ? y.map((value) => Math.max(value, 0)) : y);
      }

      const exponentials = (values.pop() as Float64Array).map(Math.exp);
      const total = exponentials.reduce((sum, value) => sum + value);
      loss -= Math.log(exponentials[label]! / total) / batch;

      let slope = exponentials.map((value, o) => (value / total - (o === label ? 1 : 0)) / batch);
      for (const { fanIn, fanOut, weight, bias } of layers.toReversed()) {
        const x = values.pop() as Float64Array;
        const back = new Float64Array(fanIn);
        for (let o = 0; o < fanOut; o++) bias.gradient[o]! += slope[o]!;
        for (let i = 0; i < fanIn; i++) {
          for (let o = 0; o < fanOut; o++) {
            weight.gradient[i * fanOut + o]! += x[i]! * slope[o]!;
            if (x[i]! > 0) back[i]! += weight.value[i * fanOut + o]! * slope[o]!;
          }
        }
        slope = back;
      }
    }
    for (const { weight, bias } of layers)
      for (const parameter of [weight, bias]) update(parameter, learningRate, momentum);
    return loss;
  });
}

interface Trained {
  readonly value: Float64Array;
  readonly gradient: Float64Array;
  readonly velocity: Float64Array;
}

const trained = (value: Float64Array): Trained => ({
  value,
  gradient: new Float64Array(value.length),
  velocity: new Float64Array(value.length),
});

function update({ value, gradient, velocity }: Trained, learningRate: number, momentum: number): void {
  for (let i = 0; i < value.length; i++) {
    velocity[i] = momentum * velocity[i]! + gradient[i]!;
    value[i]! -= learningRate * velocity[i]!;
    gradient[i] = 0;
  }
}

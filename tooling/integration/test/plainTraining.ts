// A training written out with loops over float64 numbers, for comparison: no tensors, no graph, gradients by hand.

export interface PlainTraining {
  /** Width of the input, then units of each layer. */
  readonly sizes: readonly number[];
  /** [fanIn, units] and [units] of each layer, row-major. They are changed in place. */
  readonly weights: readonly number[][];
  readonly biases: readonly number[][];
  readonly activation: { value(x: number): number; slope(x: number): number };
  /** The loss of one example, and its gradient. */
  loss(scores: readonly number[], label: number): { value: number; gradient: number[] };
  /** λ of λ/2 · Σ w² over the weights. */
  readonly decay: number;
  /** Makes the rule by which one number moves; called once for each. */
  makeRule(): (gradient: number, step: number) => number;
}

/** Gives a function that makes one step on a batch, and returns the loss before it. */
export function plainTraining(training: PlainTraining) {
  const { sizes, weights, biases, activation, loss, decay } = training;
  const last = weights.length - 1;
  const rules = [weights, biases].map((group) => group.map((numbers) => numbers.map(training.makeRule)));
  let step = 0;

  return (inputs: readonly number[], labels: readonly number[]): number => {
    step += 1;
    const batch = labels.length;
    const gradients = [weights, biases].map((group) => group.map((numbers) => numbers.map(() => 0)));
    let total = 0;
    for (let row = 0; row < batch; row++) {
      const scores: number[][] = []; // of each layer, before its activation
      const values = [inputs.slice(row * sizes[0]!, (row + 1) * sizes[0]!)];
      weights.forEach((weight, layer) => {
        const units = sizes[layer + 1]!;
        const own = biases[layer]!.map((bias, unit) =>
          values[layer]!.reduce((sum, x, i) => sum + x * weight[i * units + unit]!, bias),
        );
        scores.push(own);
        values.push(layer === last ? own : own.map(activation.value));
      });
      const { value, gradient } = loss(values.at(-1)!, labels[row]!);
      total += value / batch;
      let upstream = gradient.map((g) => g / batch);
      for (let layer = last; layer >= 0; layer--) {
        const units = sizes[layer + 1]!;
        const delta =
          layer === last ? upstream : upstream.map((g, unit) => g * activation.slope(scores[layer]![unit]!));
        delta.forEach((g, unit) => {
          gradients[1]![layer]![unit]! += g;
          values[layer]!.forEach((x, i) => {
            gradients[0]![layer]![i * units + unit]! += x * g;
          });
        });
        upstream = values[layer]!.map((_, i) =>
          delta.reduce((sum, g, unit) => sum + g * weights[layer]![i * units + unit]!, 0),
        );
      }
    }
    for (const weight of weights) for (const w of weight) total += (decay / 2) * w * w;
    [weights, biases].forEach((group, kind) => {
      group.forEach((numbers, layer) => {
        numbers.forEach((w, i) => {
          const gradient = gradients[kind]![layer]![i]! + (kind === 0 ? decay * w : 0);
          numbers[i] = w - rules[kind]![layer]![i]!(gradient, step);
        });
      });
    });
    return total;
  };
}

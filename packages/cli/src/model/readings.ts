// What a network says of rows, from its outputs.
import type { Loss, Network, NumberArray } from '@neurite/core';

/** The class with the largest output; a single output counts as the second class above 0 (a logit), or above ½. */
export function readClasses(outputs: NumberArray, width: number, givesProbabilities: boolean): number[] {
  if (width === 1) return Array.from(outputs, (output) => Number(output > (givesProbabilities ? 0.5 : 0)));
  return rowsOf(outputs, width).map((row) => row.indexOf(Math.max(...row)));
}

/** How the outputs of a network become probabilities. */
export type Squash = 'softmax' | 'sigmoid' | 'none' | 'impossible';

/** Of a network and the loss that it learned by; where it is unknown, outputs count as logits. */
export function squashOf(network: Network, loss: Loss | undefined): Squash {
  if (givesProbabilities(network)) return 'none';
  if (loss && !loss.takesLogits) return 'impossible';
  const [outputs = 1] = network.output;
  return outputs === 1 || (loss?.targets === 'values' && loss.type !== 'klDivergence')
    ? 'sigmoid'
    : 'softmax';
}

export const givesProbabilities = ({ layers }: Network): boolean =>
  layers.at(-1)?.layer.activation?.givesProbabilities ?? false;

/** A probability for each class: two where there is a single output. */
export function probabilities(
  outputs: NumberArray,
  width: number,
  squash: Exclude<Squash, 'impossible'>,
): number[][] {
  const rows = rowsOf(outputs, width).map((row) => {
    if (squash === 'none') return row;
    if (squash === 'sigmoid') return row.map((output) => 1 / (1 + Math.exp(-output)));
    const largest = Math.max(...row);
    const powers = row.map((output) => Math.exp(output - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
  return width === 1 ? rows.map(([second = 0]) => [1 - second, second]) : rows;
}

export const rowsOf = (outputs: NumberArray, width: number): number[][] =>
  Array.from({ length: outputs.length / width }, (_, row) =>
    Array.from(outputs.subarray(row * width, (row + 1) * width)),
  );

// What looks like a mistake and is none for certain: said once, and training goes on.
import type { Network } from '../network/network.ts';
import { sizeOf } from '../scalar/shape.ts';
import type { Examples } from './data.ts';
import type { OutputLoss, Recipe } from './recipe.ts';

/** Rows of a data set that are looked at. */
const lookedAt = 1000;
/** Inputs are best at about −1 … 1; pixels of 0 … 255 are at about 100. */
const largestScale = 10;

/** A network whose outputs are probabilities already, in front of a loss that makes probabilities of them. */
export function networkWarnings({ network, losses }: Recipe): string[] {
  return losses.flatMap(({ loss }: OutputLoss, i) => {
    const { name, shape } = network.outputs[i] as Network['outputs'][number];
    const last = network.layers.find(({ name: layer }) => layer === name) ?? network.layers.at(-1);
    const activation = last?.layer.activation;
    const warnings: string[] = [];
    if (loss.takesLogits && activation?.givesProbabilities) {
      warnings.push(
        `${loss.type} takes logits, but layer "${last?.name}" ends with ${activation.type}: leave the activation out, or training is slow and the loss never gets small`,
      );
    }
    if (loss.targets === 'classes or values' && sizeOf(shape) === 1) {
      warnings.push(
        `${loss.type} compares classes, but the network has a single output: give it one for each class, or use a loss for two classes such as binaryCrossEntropy`,
      );
    }
    return warnings;
  });
}

/** Inputs far from what networks like, and labels that leave outputs without examples. */
export function dataWarnings({ network }: Recipe, { inputs, targets, form, rows }: Examples): string[] {
  const warnings: string[] = [];
  const standardized = network.layers.some(({ layer }) => layer.stateFromData);
  inputs.forEach((values, i) => {
    if (form.inputs[i] === 'uint8' || standardized) return;
    const end = Math.min(values.length, lookedAt * (values.length / rows));
    let sum = 0;
    for (let k = 0; k < end; k++) sum += (values[k] as number) ** 2;
    const scale = Math.sqrt(sum / end);
    if (scale <= largestScale) return;
    const name = inputs.length === 1 ? 'inputs' : `inputs.${network.inputs[i]?.name}`;
    warnings.push(
      `${name} look unscaled, with numbers of about ${scale.toPrecision(2)}: bring them to about −1 … 1, or put standardize() first`,
    );
  });
  targets.forEach((values, i) => {
    const { shape, name } = network.outputs[i] as Network['outputs'][number];
    if (form.targets[i] !== 'classes') return;
    const classes = shape.at(-1) as number;
    let largest = 0;
    for (let k = 0; k < values.length; k++) largest = Math.max(largest, values[k] as number);
    if (largest >= classes - 1 || rows < 10 * classes) return;
    warnings.push(
      `labels go from 0 to ${largest}, but ${targets.length === 1 ? 'the network' : `output "${name}"`} has ${classes} outputs: ${classes - 1 - largest} of them have no examples`,
    );
  });
  return warnings;
}

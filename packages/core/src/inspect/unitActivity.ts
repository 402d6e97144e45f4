// Which units of a network are active, and which are saturated, on given examples.
import type { LayerWork, Network, NetworkLayer } from '../network/network.ts';
import type { Activation } from '../plugin/activation.ts';
import type { Computation } from '../program/lower.ts';
import { type DType, dtypeOf } from '../scalar/dtype.ts';
import { sizeOf } from '../scalar/shape.ts';
import { grad } from '../tensor/grad.ts';
import { topologicalOrder } from '../tensor/graph.ts';
import { placeholder } from '../tensor/placeholder.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Numbers, type NumbersByName, prepareInputs } from '../train/data.ts';
import { writeExamples } from '../train/programs.ts';
import { type Recipe, stateBuffers } from '../train/recipe.ts';
import { sliceRows } from '../train/rows.ts';
import { traceLayers } from '../train/trace.ts';
import type { Trainer } from '../train/trainer.ts';

/** What the units of a layer did on some examples. */
export interface LayerActivity {
  readonly layer: string;
  readonly units: number;
  readonly examples: number;
  /** For each unit the number of examples on which it is active: its output, or the slope of its activation, is not 0. */
  readonly active: Float64Array;
  /** For each unit the number of examples on which it is saturated: active, with a slope below the limit. */
  readonly saturated: Float64Array;
}

/** Rows that are looked at at once. */
const chunkRows = 256;

/** A slope below which a unit is saturated: for a sigmoid, an output below 0.01 or above 0.99. */
export const saturationSlope = 0.01;

/**
 * What every unit with an activation does on `inputs`, in evaluation. Layers without an activation, and those whose
 * activation mixes units (softmax), are left out.
 *
 * @param slope below which a unit is saturated. 0.01.
 */
export async function unitActivity(
  trainer: Trainer,
  inputs: Numbers | NumbersByName,
  slope = saturationSlope,
): Promise<LayerActivity[]> {
  const { recipe } = trainer;
  const { rows, inputs: numbers } = prepareInputs(inputs, recipe.network.inputs, recipe.dtype);
  const layers = watchedLayers(recipe.network);
  const activity = layers.map(
    ({ name, output }): LayerActivity => ({
      layer: name,
      units: sizeOf(output),
      examples: rows,
      active: new Float64Array(sizeOf(output)),
      saturated: new Float64Array(sizeOf(output)),
    }),
  );
  if (layers.length === 0) return activity;
  await trainer.inTurn('unitActivity', async () => {
    const dtypes = numbers.map((values) => dtypeOf(values) as DType);
    for (let row = 0; row < rows; row += chunkRows) {
      const size = Math.min(chunkRows, rows - row);
      const compiled = await trainer.programs.known(`activity ${size} ${slope} ${dtypes}`, () =>
        traceActivity(recipe, layers, size, dtypes, slope),
      );
      const chunk = numbers.map((values) => sliceRows(values, rows, row, row + size));
      writeExamples(compiled, 'batch', { inputs: chunk, targets: [], weights: undefined }, trainer.names);
      await compiled.executable.run();
      for (const { layer, active, saturated } of activity) {
        add(active, await compiled.read(`${layer} active`));
        add(saturated, await compiled.read(`${layer} saturated`));
      }
    }
  });
  return activity;
}

function add(sum: Float64Array, numbers: ArrayLike<number>): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (numbers[i] as number);
}

/** Layers whose units can be looked at one by one. */
const watchedLayers = ({ layers }: Network): NetworkLayer[] =>
  layers.filter(({ layer: { activation } }) => activation && isElementwise(activation));

/** Whether each output depends on its own input alone. */
const isElementwise = (activation: Activation): boolean =>
  topologicalOrder([activation.apply(placeholder('x', [2, 3]))]).every(
    ({ op }) => op.kind !== 'reduce' && op.kind !== 'contract',
  );

function traceActivity(
  recipe: Recipe,
  layers: readonly NetworkLayer[],
  size: number,
  inputs: readonly DType[],
  slope: number,
): Computation {
  const outputs: Record<string, Tensor> = {};
  traceLayers(recipe, size, inputs, ({ layer, scores, output }: LayerWork) => {
    if (!layers.includes(layer)) return;
    const slopes = grad(output.sum(), [scores])[0] as Tensor;
    const isActive = output.abs().maximum(slopes.abs()).greater(0).cast(recipe.dtype);
    outputs[`${layer.name} active`] = isActive.sum(0);
    outputs[`${layer.name} saturated`] = isActive.mul(slopes.abs().less(slope).cast(recipe.dtype)).sum(0);
  });
  return { outputs, buffers: stateBuffers(recipe) };
}

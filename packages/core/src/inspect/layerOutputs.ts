// What every layer of a network makes of given examples.

import type { Computation } from '../program/lower.ts';
import { type DType, dtypeOf, type NumberArray, newArray } from '../scalar/dtype.ts';
import type { Shape } from '../scalar/shape.ts';
import { sizeOf } from '../scalar/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Numbers, type NumbersByName, prepareInputs } from '../train/data.ts';
import { writeExamples } from '../train/programs.ts';
import { type Recipe, stateBuffers } from '../train/recipe.ts';
import { sliceRows } from '../train/rows.ts';
import { traceLayers } from '../train/trace.ts';
import type { Trainer } from '../train/trainer.ts';

/** What a layer made of some examples. */
export interface LayerOutput {
  readonly layer: string;
  /** Of one example. */
  readonly shape: Shape;
  /** Before the layer's activation and after it, rows · size of the shape; the same numbers where it has none. */
  readonly scores: NumberArray;
  readonly output: NumberArray;
}

/** Rows that are looked at at once. */
const chunkRows = 256;

/**
 * What each layer makes of `inputs`, in evaluation (dropout and the like off), in the order of the network.
 *
 * @param inputs rows of the network's input shape; by name where there are several inputs.
 * @throws NeuriteError `data` where they do not fit the network.
 *
 * @example
 * const [hidden] = await layerOutputs(trainer, [[0, 1], [1, 1]]);
 * hidden.output; // 2 · units numbers
 */
export async function layerOutputs(
  trainer: Trainer,
  inputs: Numbers | NumbersByName,
): Promise<LayerOutput[]> {
  const { recipe } = trainer;
  const { rows, inputs: numbers } = prepareInputs(inputs, recipe.network.inputs, recipe.dtype);
  const layers = recipe.network.layers.map(({ name, output: shape }): LayerOutput => {
    const size = rows * sizeOf(shape);
    return { layer: name, shape, scores: newArray(recipe.dtype, size), output: newArray(recipe.dtype, size) };
  });
  const dtypes = numbers.map((values) => dtypeOf(values) as DType);
  await trainer.inTurn('layerOutputs', async () => {
    for (let row = 0; row < rows; ) {
      const taken = Math.min(chunkRows, rows - row);
      // A power of two, so that few programs serve any number of rows; what comes of the rest is dropped.
      const size = 2 ** Math.ceil(Math.log2(taken));
      const compiled = await trainer.programs.known(`layers ${size} ${dtypes}`, () =>
        traceOutputs(recipe, size, dtypes),
      );
      const chunk = numbers.map((values) => sliceRows(values, rows, row, row + taken));
      writeExamples(compiled, 'batch', { inputs: chunk, targets: [], weights: undefined }, trainer.names);
      await compiled.executable.run();
      for (const { layer, shape, scores, output } of layers) {
        const width = sizeOf(shape);
        for (const [what, all] of [
          ['scores', scores],
          ['output', output],
        ] as const) {
          const read = await compiled.read(`${layer} ${what}`);
          all.set(read.subarray(0, taken * width), row * width);
        }
      }
      row += taken;
    }
  });
  return layers;
}

function traceOutputs(recipe: Recipe, size: number, inputs: readonly DType[]): Computation {
  const outputs: Record<string, Tensor> = {};
  traceLayers(recipe, size, inputs, ({ layer, scores, output }) => {
    outputs[`${layer.name} scores`] = scores;
    outputs[`${layer.name} output`] = output;
  });
  return { outputs, buffers: stateBuffers(recipe) };
}

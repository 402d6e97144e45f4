// Finds the first thing in a step whose numbers are not finite.
import type { LayerWork } from '../network/network.ts';
import { isFiniteNumber } from '../tensor/functions.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Examples } from './data.ts';
import { hostInputs } from './forward.ts';
import { type Programs, writeExamples } from './programs.ts';
import {
  input,
  layerStateTensors,
  parameterTensors,
  portNames,
  type Recipe,
  stateBuffers,
} from './recipe.ts';
import { pickRows } from './rows.ts';

/**
 * What went bad first in a step on the examples with the numbers `rows`: "parameter hidden1.weight", "layer hidden2" or
 * "loss". State must be as it was before that step.
 */
export async function diagnose(
  recipe: Recipe,
  programs: Programs,
  examples: Examples,
  rows: Int32Array,
): Promise<string> {
  const { network, dtype, seed } = recipe;
  const parameters = parameterTensors(recipe);
  const inputs = hostInputs(recipe, rows.length, examples.form.inputs);
  const works: LayerWork[] = [];
  network.apply(new Map([...parameters, ...layerStateTensors(recipe)]), inputs, {
    training: true,
    random: (purpose) => ({ seed, purpose, step: input('step', [], 'int32', 'state') }),
    onLayer: (work) => works.push(work),
  });
  const suspects = works.flatMap(({ layer, output }) => [
    ...layer.parameters.map(({ name }) => ({
      name: `parameter ${name}`,
      tensor: parameters.get(name) as Tensor,
    })),
    { name: `layer ${layer.name}`, tensor: output },
  ]);
  // By number: a layer that is used several times is a suspect several times.
  const outputs = Object.fromEntries(
    suspects.map(({ tensor }, i) => [`suspect ${i}`, isFiniteNumber(tensor).cast(dtype).min()]),
  );
  const compiled = await programs.once({ outputs, buffers: stateBuffers(recipe) });
  try {
    writeExamples(
      compiled,
      'batch',
      {
        inputs: examples.inputs.map((values) => pickRows(values, examples.rows, rows)),
        targets: [],
        weights: undefined,
      },
      { inputs: portNames('inputs', network.inputs), targets: [] },
    );
    await compiled.executable.run();
    for (const [i, { name }] of suspects.entries()) {
      if ((await compiled.readNumber(`suspect ${i}`)) === 0) return name;
    }
    return 'loss';
  } finally {
    compiled.executable.release();
  }
}

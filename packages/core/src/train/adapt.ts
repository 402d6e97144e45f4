// What depends on the training data before the first step: statistics that layers keep, and initial weights that are
// scaled by what their layers make of the data. Layer by layer, each on what those before it give.
import type { LayerWork, NetworkLayer } from '../network/network.ts';
import type { Initializer } from '../plugin/initializer.ts';
import type { Computation } from '../program/lower.ts';
import type { NumberArray } from '../scalar/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Examples } from './data.ts';
import { hostInputs } from './forward.ts';
import { type Programs, writeExamples } from './programs.ts';
import {
  layerStateTensors,
  memoryTensors,
  optimizerState,
  optimizerTensors,
  parameterTensors,
  portNames,
  type Recipe,
  stateBuffers,
} from './recipe.ts';
import { sliceRows } from './rows.ts';

/** Examples that weights are scaled by: a mini-batch, as in Mishkin and Matas, 2016. */
const scalingRows = 1024;

/** @param written parameters that were given their numbers: they are left alone. */
export async function adapt(
  recipe: Recipe,
  programs: Programs,
  examples: Examples,
  written: ReadonlySet<string>,
): Promise<void> {
  for (const placed of recipe.network.layers) {
    if (placed.layer.trainable === false) continue;
    if (placed.layer.stateFromData) await fitState(recipe, programs, examples, placed);
    for (const { name, initializer } of placed.parameters) {
      if (initializer.rescale && !written.has(name))
        await rescale(recipe, programs, head(examples), placed, name, initializer.rescale);
    }
  }
}

async function fitState(
  recipe: Recipe,
  programs: Programs,
  examples: Examples,
  placed: NetworkLayer,
): Promise<void> {
  const kept = layerStateTensors(recipe);
  const { input: x } = workOf(recipe, examples, placed);
  const state = placed.layer.stateFromData?.(x) ?? {};
  const updates = new Map(
    Object.entries(state).map(([key, value]) => [kept.get(`${placed.name}.${key}`) as Tensor, value]),
  );
  await runOnce(recipe, programs, examples, { updates, buffers: stateBuffers(recipe) });
}

async function rescale(
  recipe: Recipe,
  programs: Programs,
  examples: Examples,
  placed: NetworkLayer,
  name: string,
  { factor, tolerance, iterations }: NonNullable<Initializer['rescale']>,
): Promise<void> {
  const parameters = parameterTensors(recipe);
  const parameter = parameters.get(name) as Tensor;
  const by = factor(workOf(recipe, examples, placed).scores);
  const scaledParameter = parameter.mul(by);
  const updates = new Map([[parameter, scaledParameter]]);
  // What the optimizer remembers may begin as the parameter is.
  const first = recipe.optimizer.state(scaledParameter);
  for (const key of optimizerState(recipe))
    updates.set(optimizerTensors(recipe, key).get(name) as Tensor, first[key] as Tensor);
  const movable = recipe.network.parameters.filter(({ trainable }) => trainable);
  const memory = recipe.optimizer.memory?.(
    movable.map((other) => (other.name === name ? scaledParameter : (parameters.get(other.name) as Tensor))),
  );
  for (const [key, tensor] of memoryTensors(recipe)) updates.set(tensor, memory?.[key] as Tensor);
  const computation = { updates, outputs: { factor: by }, buffers: stateBuffers(recipe) };
  for (let i = 0; i < iterations; i++) {
    const [last] = (await runOnce(recipe, programs, examples, computation)) as NumberArray;
    if (Math.abs((last as number) - 1) <= tolerance) break;
  }
}

/** The first rows of examples. */
function head(examples: Examples): Examples {
  const rows = Math.min(examples.rows, scalingRows);
  const inputs = examples.inputs.map((values) => sliceRows(values, examples.rows, 0, rows));
  return { ...examples, rows, inputs };
}

/** What the layer gets and makes of all `examples`, as it is in evaluation, from the parameters as they are. */
function workOf(recipe: Recipe, { rows, form }: Examples, placed: NetworkLayer): LayerWork {
  const inputs = hostInputs(recipe, rows, form.inputs);
  let found: LayerWork | undefined;
  recipe.network.apply(new Map([...parameterTensors(recipe), ...layerStateTensors(recipe)]), inputs, {
    training: false,
    random: (purpose) => ({ seed: recipe.seed, purpose }),
    onLayer: (work) => {
      if (work.layer.name === placed.name) found ??= work;
    },
  });
  return found as LayerWork;
}

/** Runs a computation on examples once. Gives its output `factor`, if it has one. */
async function runOnce(
  { network }: Recipe,
  programs: Programs,
  examples: Examples,
  computation: Computation,
): Promise<NumberArray | undefined> {
  const compiled = await programs.once(computation);
  try {
    writeExamples(
      compiled,
      'batch',
      { ...examples, targets: [], weights: undefined },
      {
        inputs: portNames('inputs', network.inputs),
        targets: [],
      },
    );
    await compiled.executable.run();
    return compiled.has('factor') ? await compiled.read('factor') : undefined;
  } finally {
    compiled.executable.release();
  }
}

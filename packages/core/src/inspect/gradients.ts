// The gradient of the loss, to be looked at.
import type { NumberArray } from '../scalar/dtype.ts';
import type { Data } from '../train/data.ts';
import { writeExamples } from '../train/programs.ts';
import { traceGradients } from '../train/trace.ts';
import type { Trainer } from '../train/trainer.ts';

/**
 * The gradient that the trainer's next step would begin with, were `data` its batch: of the mean loss and the penalties,
 * in training mode (dropout and the like on), before the optimizer does anything with it. Nothing changes.
 *
 * @returns by name of each parameter that training moves, row-major in the parameter's shape.
 * @throws NeuriteError `data` where the examples do not fit the network.
 *
 * @example
 * const { 'hidden1.weight': gradient } = await gradients(trainer, { inputs, targets });
 */
export async function gradients(trainer: Trainer, data: Data): Promise<Record<string, NumberArray>> {
  const { recipe } = trainer;
  const examples = trainer.prepare(data);
  const { rows, form } = examples;
  return trainer.inTurn('gradients', async () => {
    const key = `gradients ${rows} ${form.inputs} ${form.targets} ${form.weighted}`;
    const compiled = await trainer.programs.known(key, () => traceGradients(recipe, rows, form));
    writeExamples(compiled, 'batch', examples, trainer.names);
    await compiled.executable.run();
    const result: Record<string, NumberArray> = {};
    for (const { name, trainable } of recipe.network.parameters) {
      if (trainable) result[name] = await compiled.read(`${name} gradient`);
    }
    return result;
  });
}

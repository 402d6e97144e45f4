// neurite evaluate: how well a model does on data that have the right answers.
import { confusionMatrix, sizeOf } from '@neurite/core';
import { inputsIn, targetsIn } from '../data/examples.ts';
import { readSource } from '../data/source.ts';
import { count } from '../format.ts';
import { evaluatorOf, formFor, loadModel, type ModelOptions } from '../model/model.ts';
import { usualLoss } from '../model/recipe.ts';
import { targetsFor } from '../model/targets.ts';
import { printConfusion } from '../printConfusion.ts';
import { printScores } from '../progress.ts';
import { makeReport } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';

export interface EvaluateOptions extends ModelOptions {
  readonly label?: string;
  readonly labels?: string;
  readonly header: boolean;
  readonly delimiter?: string;
  readonly json?: boolean;
}

export async function evaluateModel(
  path: string,
  data: string,
  options: EvaluateOptions,
  surroundings: Surroundings,
): Promise<number> {
  const report = makeReport(surroundings, options.json);
  const model = await loadModel(path, options, surroundings);
  const { classes, network, loss = usualLoss(classes !== undefined) } = model;
  const source = await readSource(data, options, surroundings);
  const lastName = source.kind === 'table' ? source.table.names.at(-1) : undefined;
  const form = formFor(model, source, options.label ?? (model.form ? undefined : lastName));
  const { rows, inputs } = inputsIn(source, form);
  const right = targetsIn(source, form, classes);
  const examples = { inputs, targets: targetsFor(loss, sizeOf(network.output), right, classes) };
  const trainer = await evaluatorOf(model, options, report);
  try {
    const scores = await trainer.evaluate(examples);
    const matrix = classes && (await trainer.measure(confusionMatrix(), examples));
    report.data({ rows, ...scores, classes, confusionMatrix: matrix });
    report.say(`${count(rows)} rows  ${printScores(scores)}`);
    if (matrix && classes) report.say(`\n${printConfusion(matrix, classes, report.terminal)}`);
  } finally {
    trainer.release();
  }
  return 0;
}

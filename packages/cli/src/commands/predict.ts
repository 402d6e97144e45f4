// neurite predict: what a model says of rows.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { NeuriteError, type NumberArray, sizeOf } from '@neurite/core';
import Papa from 'papaparse';
import { inputsIn } from '../data/examples.ts';
import { readSource } from '../data/source.ts';
import { count } from '../format.ts';
import { formFor, loadModel, type Model, type ModelOptions, predictWith } from '../model/model.ts';
import { givesProbabilities, probabilities, readClasses, rowsOf, squashOf } from '../model/readings.ts';
import { makeReport } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';

export interface PredictOptions extends ModelOptions {
  readonly out?: string;
  readonly probabilities?: boolean;
  readonly header: boolean;
  readonly delimiter?: string;
  readonly json?: boolean;
}

interface Predictions {
  /** A class by its name, or a number; a list of numbers where the network gives several that are no classes. */
  readonly predictions: readonly (string | number | readonly number[])[];
  readonly classes: readonly string[] | undefined;
  /** For each row, in the order of the classes. */
  readonly probabilities: readonly (readonly number[])[] | undefined;
}

export async function predictRows(
  path: string,
  data: string,
  options: PredictOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { out } = options;
  const report = makeReport(surroundings, options.json);
  const model = await loadModel(path, options, surroundings);
  const header = options.header && (model.form?.kind !== 'table' || model.form.header);
  const source = await readSource(data, { ...options, header }, surroundings);
  const { rows, inputs } = inputsIn(source, formFor(model, source, undefined));
  const outputs = await predictWith(model, options, report, inputs);
  const predictions = read(model, outputs, options.probabilities === true);
  const text = options.json ? JSON.stringify(predictions) : csvOf(predictions);
  if (out === undefined) {
    surroundings.stdout.write(`${text}\n`);
    return 0;
  }
  await writeFile(resolve(surroundings.folder, out), `${text}\n`).catch((cause) => {
    throw new NeuriteError('data', `--out: ${out} cannot be written: ${cause.message}`, { cause });
  });
  report.say(`${count(rows)} predictions in ${out}`);
  report.data({ rows, out });
  return 0;
}

function read(
  { network, classes, loss, path }: Model,
  outputs: NumberArray,
  withProbabilities: boolean,
): Predictions {
  const width = sizeOf(network.output);
  if (!classes) {
    if (withProbabilities)
      throw new NeuriteError('data', `--probabilities: ${path} predicts numbers, which have none`);
    const predictions = width === 1 ? Array.from(outputs) : rowsOf(outputs, width);
    return { predictions, classes, probabilities: undefined };
  }
  const squash = squashOf(network, loss);
  if (withProbabilities && squash === 'impossible') {
    throw new NeuriteError(
      'data',
      `--probabilities: ${path} has learned by ${loss?.type}, whose outputs are scores and no probabilities`,
    );
  }
  const read = readClasses(outputs, width, givesProbabilities(network));
  return {
    predictions: read.map((label) => classes[label] as string),
    classes,
    probabilities:
      withProbabilities && squash !== 'impossible' ? probabilities(outputs, width, squash) : undefined,
  };
}

/** Without an end of line at its end. */
function csvOf({ predictions, classes = [], probabilities }: Predictions): string {
  const numbers = Array.isArray(predictions[0]) ? predictions[0].length : 1;
  const fields = [
    ...(numbers === 1 ? ['prediction'] : Array.from({ length: numbers }, (_, i) => `prediction ${i + 1}`)),
    ...(probabilities ? classes.map((name) => `p(${name})`) : []),
  ];
  const rows = predictions.map((prediction, row) => [
    ...[prediction].flat(),
    ...(probabilities?.[row] ?? []).map((probability) => Number(probability.toPrecision(7))),
  ]);
  return Papa.unparse({ fields, data: rows }, { newline: '\n' });
}

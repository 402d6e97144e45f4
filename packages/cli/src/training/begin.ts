// A new training.
import { type Network, NeuriteError, type Trainer, train } from '@neurite/core';
import { onTrainingBackend } from '../backends.ts';
import { numberNames } from '../data/columns.ts';
import { type Finding, findForm, inputsIn, targetsIn } from '../data/examples.ts';
import { nameOf } from '../data/readBytes.ts';
import { readSource } from '../data/source.ts';
import { count } from '../format.ts';
import { chainOf, networkIn, type Scaling } from '../model/network.ts';
import { type Recipe, recipeOf, scalingFor } from '../model/recipe.ts';
import { outputsFor, targetsFor } from '../model/targets.ts';
import type { Report } from '../report.ts';
import { UsageError } from '../usageError.ts';
import { flagOf, type TrainOptions, usual } from './options.ts';
import {
  countRows,
  digestOf,
  divide,
  type Parts,
  type Request,
  type Session,
  warningsTo,
} from './session.ts';

export async function begin(request: Request): Promise<Session> {
  const { data, options, plugins, surroundings, report } = request;
  const { seed = usual.seed, validation = usual.validation, out = usual.out } = options;
  requireOneNetwork(options);
  const source = await readSource(data, options, surroundings);
  const finding = findForm(source, options);
  const { form, classes } = finding;
  if (classes && classes.length < 2)
    throw new NeuriteError('data', `all rows are of one class, "${classes[0]}": there is nothing to learn`);
  const recipe = recipeOf(
    { ...options, optimizer: options.optimizer ?? { type: usual.optimizer } },
    classes !== undefined,
    plugins,
  );
  const outputs = outputsFor(recipe.loss, classes);
  const { inputs, shape } = inputsIn(source, form);
  const targets = targetsFor(recipe.loss, outputs, targetsIn(source, form, classes), classes);
  const rows = { inputs, targets, shape };
  const parts = divide(rows, validation, seed);
  const learned = countRows(parts.training);

  const standardize = options.standardize ?? form.kind === 'table';
  const isScaled = standardize && !classes && options.network === undefined;
  const scaled = isScaled ? scalingFor(recipe.loss, parts.training.targets) : undefined;
  const network = await networkFor(request, shape, outputs, standardize, scaled?.scaling);
  const trainer = await trainerFor(request, network, recipe, scaled?.weight);
  const run = {
    epochs: options.epochs ?? usual.epochs[form.kind],
    batchSize: Math.min(options.batchSize ?? usual.batchSize, learned),
    validation,
    seed,
    backend: options.backend,
    digest: digestOf(rows),
  };
  report.say(describeData(nameOf(data), finding, countRows(rows), parts));
  report.say(`${network.summary()}\n`);
  describeRecipe(trainer, recipe, [`batches of ${run.batchSize}`, `seed ${seed}`], options.backend, report);
  return { trainer, kept: { form, classes, run }, ...parts, out };
}

function requireOneNetwork({ network, hidden, activation, standardize }: TrainOptions): void {
  if (network === undefined) return;
  const given = Object.entries({ hidden, activation, standardize }).find(([, value]) => value !== undefined);
  if (given) throw new UsageError(`${flagOf(given[0])} is what --network decides: leave one of them out`);
}

async function networkFor(
  { options, plugins, surroundings }: Request,
  shape: readonly number[],
  outputs: number,
  standardize: boolean,
  scaling: Scaling | undefined,
): Promise<Network> {
  const { network: file, hidden = usual.hidden, activation = usual.activation } = options;
  return file === undefined
    ? chainOf({ hidden, activation, standardize }, shape, outputs, scaling, plugins)
    : networkIn(file, surroundings.folder, shape, outputs, plugins);
}

function trainerFor(
  { options, plugins, report }: Request,
  network: Network,
  { loss, ...recipe }: Recipe,
  weight: number | undefined,
): Promise<Trainer> {
  const output = network.outputs[0]?.name as string;
  const onWarning = warningsTo(report);
  return onTrainingBackend(plugins, options.backend, onWarning, (backend) =>
    train(network, {
      ...recipe,
      loss: { [output]: { loss, weight } },
      metrics: { [output]: recipe.metrics },
      backend,
      seed: options.seed ?? usual.seed,
      onWarning,
    }),
  );
}

function describeData(
  name: string,
  { form, classes, reason }: Finding,
  rows: number,
  { training, validation }: Parts,
): string {
  const inputs = form.kind === 'table' ? `, ${count(numberNames(form.columns).length)} inputs` : '';
  const label = form.kind === 'table' ? `"${form.label}"` : 'the label';
  const listed = classes && classes.length <= 20 ? `: ${classes.join(', ')}` : '';
  const learned = classes ? `one of ${count(classes.length)} classes${listed}` : 'a number';
  const tested = validation ? count(countRows(validation)) : 'none';
  return [
    `${name}: ${count(rows)} rows${inputs}`,
    `${label} is ${learned} (${reason})`,
    `${count(countRows(training))} rows to learn from, ${tested} for validation\n`,
  ].join('\n');
}

function describeRecipe(
  { backend }: Trainer,
  { loss, optimizer: { type, learningRate } }: Recipe,
  words: readonly string[],
  asked: string | undefined,
  { say, terminal }: Report,
): void {
  const rate = typeof learningRate === 'number' ? learningRate : learningRate.type;
  const mode = backend.report()?.mode;
  const where = asked === 'fastest' ? asked : `${backend.type}${mode === undefined ? '' : ` (${mode})`}`;
  const parts = [`${type}, learning rate ${rate}`, loss.type, ...words, where];
  say(`${terminal.paint('dim', parts.join(' · '))}\n`);
}

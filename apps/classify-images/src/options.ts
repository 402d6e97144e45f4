// The command line: what can be set, what is allowed, and what is said of anything else.
import {
  type Backend,
  NeuriteError,
  nearestNames,
  type Option,
  option,
  type PluginKind,
} from '@neurite/core';
import { dense } from '@neurite/layers';
import { Command, CommanderError, Option as CommandOption } from 'commander';
import { type PictureSetName, pictureSets } from './data.ts';
import { defaultBackends, pluginOf, plugins } from './plugins.ts';
import { type Preset, presets } from './presets.ts';
import type { Recipe } from './recipe.ts';

export interface Options {
  readonly data: PictureSetName;
  /** Where the four IDX files are; undefined for where the set is found by itself. */
  readonly folder: string | undefined;
  readonly recipe: Recipe;
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
  /** What computes: the first that the machine can run. */
  readonly backends: readonly Backend[];
  /** How many of the training examples to use; undefined for all. */
  readonly examples: number | undefined;
  /** Where the first layer's weights are written to, as a PNG. */
  readonly weightFile: string | undefined;
}

/** As Commander gives them: undefined where nothing was said. */
interface Given {
  readonly data?: string;
  readonly folder?: string;
  readonly preset?: string;
  readonly hidden?: readonly number[];
  readonly activation?: string;
  readonly optimizer?: string;
  readonly learningRate?: number;
  readonly batchSize?: number;
  readonly epochs?: number;
  readonly seed: number;
  readonly backend?: string;
  readonly examples?: number;
  readonly saveWeights?: string;
}

/** What is trained where no preset is named. */
const usual = {
  data: 'mnist',
  hidden: [128],
  activation: 'relu',
  optimizer: 'adam',
  epochs: 6,
  batchSize: 64,
} as const;
/** Of a layer: more would not fit into any memory. */
const mostUnits = 16_384;

/**
 * The options in `args`, or undefined where only help was wanted, which then was given to `print`.
 * @throws NeuriteError with one line that says what is allowed.
 */
export function readOptions(args: readonly string[], print: (text: string) => void): Options | undefined {
  const command = describeCommand()
    .exitOverride()
    // complaints are thrown, and printed by whoever catches them
    .configureOutput({ writeOut: print, writeErr: () => {} });
  try {
    return optionsOf(command.parse(args, { from: 'user' }).opts<Given>());
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const complaint = error.message.replace(/^error: |\.$/g, '').replaceAll('\n', ' ');
    throw new NeuriteError('option', `${complaint}; --help lists what there is`, { cause: error });
  }
}

function optionsOf(given: Given): Options {
  const { seed, folder, examples, backend, saveWeights } = given;
  const preset =
    given.preset === undefined ? undefined : presets[nameIn(presets, given.preset, '--preset', 'preset')];
  return {
    data:
      given.data === undefined
        ? (preset?.data ?? usual.data)
        : nameIn(pictureSets, given.data, '--data', 'set'),
    folder,
    recipe: preset ? presetWith(preset, given) : recipeOf(given),
    batchSize: given.batchSize ?? preset?.batchSize ?? usual.batchSize,
    epochs: given.epochs ?? preset?.epochs ?? usual.epochs,
    seed,
    backends: backend === undefined ? defaultBackends : [pluginOf('backend', backend)],
    examples,
    weightFile: saveWeights,
  };
}

/** The preset, unless something was said that it decides. */
function presetWith(preset: Preset, given: Given): Preset {
  for (const decided of ['hidden', 'activation', 'optimizer', 'learningRate'] as const) {
    if (given[decided] === undefined) continue;
    const flag = decided === 'learningRate' ? '--learning-rate' : `--${decided}`;
    throw new NeuriteError('option', `${flag} is what --preset decides: leave one of them out`);
  }
  return preset;
}

function recipeOf(given: Given): Recipe {
  const { hidden = usual.hidden, learningRate } = given;
  const activation = pluginOf('activation', given.activation ?? usual.activation);
  const optimizer = pluginOf('optimizer', given.optimizer ?? usual.optimizer, { learningRate });
  const rate =
    typeof optimizer.learningRate === 'number' ? optimizer.learningRate : optimizer.learningRate.type;
  return {
    summary: `${activation.type} · ${optimizer.type}, learning rate ${rate}`,
    layers: hidden.map((units) => dense({ units, activation })),
    optimizer: () => optimizer,
  };
}

/** `name`, which must be one of `table`. */
function nameIn<Table extends object>(
  table: Table,
  name: string,
  flag: string,
  what: string,
): keyof Table & string {
  if (Object.hasOwn(table, name)) return name as keyof Table & string;
  const names = nearestNames(name, Object.keys(table)).map((name) => `"${name}"`);
  throw new NeuriteError('option', `${flag}: there is no ${what} "${name}"; there are ${names.join(', ')}`);
}

function describeCommand(): Command {
  const names = (kind: PluginKind): string => plugins.names(kind).join(', ');
  const numeric = (
    flags: string,
    description: string,
    limits: Option<number>,
    initial?: number,
  ): CommandOption =>
    new CommandOption(flags, description)
      .argParser(numberOf(flags.split(' ')[0] as string, limits))
      .default(initial);
  return new Command('npm start --')
    .usage('[options]')
    .description('Trains a network on pictures, and tests it on others.')
    .option(
      '--data <name>',
      `what to learn: ${Object.keys(pictureSets).join(', ')} (default: mnist, or what the preset is for)`,
    )
    .option('--preset <name>', `a whole recipe: ${Object.keys(presets).join(', ')}`)
    .addOption(
      new CommandOption(
        '--hidden <units>',
        'units of each hidden layer, such as 128,64; or none (default: 128)',
      ).argParser(unitsOf),
    )
    .option('--activation <name>', `of the hidden layers: ${names('activation')} (default: relu)`)
    .option('--optimizer <name>', `${names('optimizer')} (default: adam)`)
    .addOption(numeric('--learning-rate <number>', "default: the optimizer's own", option.positive(1)))
    .addOption(
      numeric('--batch-size <count>', `examples of each step (default: ${usual.batchSize})`, counting()),
    )
    .addOption(
      numeric('--epochs <count>', `times to go through the examples (default: ${usual.epochs})`, counting()),
    )
    .addOption(
      numeric('--seed <number>', 'the same seed gives the same result', option.number(0, { whole: true }), 1),
    )
    .option('--backend <name>', `what computes: ${names('backend')} (default: the first that runs here)`)
    .addOption(numeric('--examples <count>', 'learn from the first so many only (default: all)', counting()))
    .option('--save-weights <file>', 'write the weights of the first layer as a picture, a PNG')
    .option('--folder <path>', 'read the IDX files there, in place of fetching the set')
    .helpOption('--help', 'show this')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      '\nFor example: npm start -- --hidden 256,64 --activation tanh --epochs 10\n             npm start -- --preset course-cifar-10 --save-weights weights.png',
    );
}

const counting = (maximum?: number): Option<number> =>
  option.number(1, { minimum: 1, whole: true, ...(maximum !== undefined && { maximum }) });

function numberOf(flag: string, { takes, accepts }: Option<number>): (text: string) => number {
  return (text) => {
    const value = numberIn(text);
    if (!accepts(value)) throw new NeuriteError('option', `${flag} must be ${takes}, but got "${text}"`);
    return value;
  };
}

function unitsOf(text: string): number[] {
  if (text === 'none') return [];
  const { accepts } = counting(mostUnits);
  const units = text.split(',').map(numberIn);
  if (units.every(accepts)) return units;
  throw new NeuriteError(
    'option',
    `--hidden must be whole numbers from 1 up to ${mostUnits}, such as 128,64, or none, but got "${text}"`,
  );
}

/** NaN where there is none: Number('') would be 0. */
const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

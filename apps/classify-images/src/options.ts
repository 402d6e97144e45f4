// The command line: what can be set, what is allowed, and what is said of anything else.
import {
  type Activation,
  type Backend,
  NeuriteError,
  type Optimizer,
  type Option,
  option,
  type PluginKind,
} from '@neurite/core';
import { Command, CommanderError, Option as CommandOption } from 'commander';
import { defaultBackends, pluginOf, plugins } from './plugins.ts';

export interface Options {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly optimizer: Optimizer;
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
  /** What computes: the first that the machine can run. */
  readonly backends: readonly Backend[];
  /** How many of the training examples to use. */
  readonly examples: number;
}

/** As Commander gives them. */
interface Given extends Omit<Options, 'activation' | 'optimizer' | 'backends'> {
  readonly activation: string;
  readonly optimizer: string;
  readonly backend?: string;
  readonly learningRate?: number;
}

const allExamples = 60_000;
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
    const { activation, optimizer, learningRate, backend, ...numbers } = command
      .parse(args, { from: 'user' })
      .opts<Given>();
    const { batchSize, examples } = numbers;
    if (batchSize > examples) {
      throw new NeuriteError(
        'option',
        `--batch-size must be at most the ${examples} examples, but got "${batchSize}"`,
      );
    }
    return {
      ...numbers,
      activation: pluginOf('activation', activation),
      optimizer: pluginOf('optimizer', optimizer, { learningRate }),
      backends: backend === undefined ? defaultBackends : [pluginOf('backend', backend)],
    };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const complaint = error.message.replace(/^error: |\.$/g, '').replaceAll('\n', ' ');
    throw new NeuriteError('option', `${complaint}; --help lists what there is`, { cause: error });
  }
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
    .description('Trains a network on the handwritten digits of MNIST, and tests it on others.')
    .addOption(
      new CommandOption('--hidden <units>', 'units of each hidden layer, such as 128,64; or none')
        .argParser(unitsOf)
        .default([128], '128'),
    )
    .option('--activation <name>', `of the hidden layers: ${names('activation')}`, 'relu')
    .option('--optimizer <name>', names('optimizer'), 'adam')
    .addOption(numeric('--learning-rate <number>', "default: the optimizer's own", option.positive(1)))
    .addOption(numeric('--batch-size <count>', 'examples of each step', counting(), 64))
    .addOption(numeric('--epochs <count>', 'times to go through the examples', counting(), 6))
    .addOption(
      numeric('--seed <number>', 'the same seed gives the same result', option.number(0, { whole: true }), 1),
    )
    .option('--backend <name>', `what computes: ${names('backend')} (default: the first that runs here)`)
    .addOption(
      numeric('--examples <count>', 'learn from the first so many only', counting(allExamples), allExamples),
    )
    .helpOption('--help', 'show this')
    .allowExcessArguments(false)
    .addHelpText('after', '\nFor example: npm start -- --hidden 256,64 --activation tanh --epochs 10');
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

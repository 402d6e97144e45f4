// The command line: commands, what can be said to each, and what is allowed.
import { readFileSync } from 'node:fs';
import { type Option as Limits, option, type PluginKind } from '@neurite/core';
import { Command, Option } from 'commander';
import { evaluateModel } from './commands/evaluate.ts';
import { exportModel, formats } from './commands/export.ts';
import { inspectFile } from './commands/inspect.ts';
import { predictRows } from './commands/predict.ts';
import { trainModel } from './commands/train.ts';
import { pluginText } from './model/pluginText.ts';
import { ownPlugins } from './plugins.ts';
import type { Surroundings } from './surroundings.ts';
import { usual } from './training/options.ts';
import { UsageError } from './usageError.ts';

/** Of a layer: more would not fit into any memory. */
const mostUnits = 16_384;

/** @param ended gets the exit code of the command that was called. */
export function commandLine(surroundings: Surroundings, ended: (code: number) => void): Command {
  const run =
    <Arguments extends readonly unknown[]>(
      command: (...all: [...Arguments, Surroundings]) => Promise<number>,
    ) =>
    async (...given: readonly unknown[]): Promise<void> => {
      const all = given.slice(0, -1) as unknown as Arguments; // the last one is commander's own
      ended(await command(...all, surroundings));
    };

  const program = new Command('neurite')
    .description('Trains neural networks on tables and pictures, and uses them.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'show this')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void surroundings.stdout.write(text),
      writeErr: () => {}, // complaints are thrown
    });

  addTrain(program).action(run(trainModel));
  addEvaluate(program).action(run(evaluateModel));
  addPredict(program).action(run(predictRows));
  addInspect(program).action(run(inspectFile));
  addExport(program).action(run(exportModel));
  return program;
}

const version = (): string =>
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;

function addTrain(program: Command): Command {
  return program
    .command('train')
    .description('train a network on a table (CSV) or on IDX files, gzipped or not; - is stdin')
    .argument('<data>', 'a row for each example')
    .optionsGroup('The data:')
    .option(
      '--label <column>',
      'what to learn: name of the column, or its number from 0 (default: the last one)',
    )
    .option('--labels <file>', 'the same for IDX: the file with the labels')
    .addOption(
      new Option('--task <task>', 'what to learn it as (default: as the column looks)').choices([
        'classification',
        'regression',
      ]),
    )
    .option('--ignore <columns>', 'columns to leave out, such as id,name', listOf)
    .option('--no-header', 'the first row is data, too: columns are called 0, 1, 2 …')
    .option('--delimiter <character>', 'between values (default: what the rows agree on)')
    .addOption(
      numeric(
        '--validation <fraction>',
        'part of the rows not to learn from',
        option.fraction(usual.validation),
      ),
    )
    .optionsGroup('The network:')
    .addOption(
      new Option(
        '--hidden <units>',
        `of each hidden layer, such as 128,32; or none (default: ${usual.hidden.join(',')})`,
      ).argParser(unitsOf),
    )
    .option(
      '--activation <name>',
      `of the hidden layers: ${names('activation')} (default: ${usual.activation})`,
    )
    .option(
      '--standardize',
      'bring each column to mean 0 and deviation 1, within the network (default for tables)',
    )
    .option('--no-standardize', 'take numbers as they are (default for IDX)')
    .option(
      '--network <file>',
      'JSON in place of these: { "input": [4], "layers": [ … ] }, or the list of layers',
    )
    .optionsGroup('The training:')
    .option(
      '--loss <name|json>',
      `${names('loss')} (default: softmaxCrossEntropy for classes, meanSquaredError for numbers)`,
      plugin('--loss'),
    )
    .option(
      '--optimizer <name|json>',
      `${names('optimizer')}; or {"type":"momentum","learningRate":0.1} (default: ${usual.optimizer})`,
      plugin('--optimizer'),
    )
    .addOption(numeric('--learning-rate <number>', 'of each step', option.positive(1), "the optimizer's own"))
    .option(
      '--regularizer <name|json>',
      `a penalty on the weights: ${names('regularizer')}`,
      plugin('--regularizer'),
    )
    .addOption(
      numeric(
        '--epochs <count>',
        'times to go through the rows',
        counting(),
        `${usual.epochs.table}, ${usual.epochs.idx} for IDX`,
      ),
    )
    .addOption(numeric('--batch-size <count>', 'rows of a step', counting(), String(usual.batchSize)))
    .addOption(
      numeric(
        '--seed <number>',
        'the same seed gives the same model',
        option.number(1, { whole: true }),
        String(usual.seed),
      ),
    )
    .option('--backend <name>', `what computes: ${names('backend')}, fastest (default: the first that runs)`)
    .optionsGroup('The model:')
    .option('--out <file>', `where it is saved (default: ${usual.out}, or the file of --resume)`)
    .addOption(
      numeric('--save-every <epochs>', 'save in between, too', counting(), 'only at the end and at Ctrl-C'),
    )
    .option(
      '--resume <file>',
      'go on with a training that was stopped, on the same data; --epochs counts from its beginning',
    )
    .optionsGroup('Options:')
    .addOption(pluginOption())
    .option('--json', 'one JSON object a line: each epoch, then the result');
}

const addEvaluate = (program: Command): Command =>
  withReading(
    program
      .command('evaluate')
      .description('say how well a model does on data that have the right answers')
      .argument('<model>', 'a file of neurite train')
      .argument('<data>', 'as for train')
      .option('--label <column>', 'name of the column with the right answers (default: what was learned)')
      .option('--labels <file>', 'the same for IDX: the file with the labels'),
  ).option('--json', 'print one JSON object');

const addPredict = (program: Command): Command =>
  withReading(
    program
      .command('predict')
      .description('print what a model says of each row, as CSV')
      .argument('<model>', 'a file of neurite train')
      .argument('<data>', 'as for train; columns are found by their names, others are left alone')
      .option('--out <file>', 'write it there')
      .option('--probabilities', 'of each class, too'),
  ).option('--json', 'as one JSON object');

const withReading = (command: Command): Command =>
  command
    .option('--no-header', 'the first row is data, too')
    .option('--delimiter <character>', 'between values (default: what the rows agree on)')
    .option('--backend <name>', `what computes: ${names('backend')} (default: the first that runs)`)
    .addOption(pluginOption());

const addInspect = (program: Command): Command =>
  program
    .command('inspect')
    .description('say what is in a model, in any safetensors file, or in a network as JSON')
    .argument('<file>')
    .addOption(pluginOption())
    .option('--json', 'as one JSON object');

const addExport = (program: Command): Command =>
  program
    .command('export')
    .description('write a model as ONNX or as a module without imports; its network as TypeScript or JSON')
    .argument('<model>', 'a file of neurite train')
    .addOption(new Option('--format <format>', 'what to write').choices(formats).makeOptionMandatory())
    .requiredOption('--out <file>', 'where to')
    .addOption(pluginOption())
    .option('--json', 'say what was written as one JSON object');

const names = (kind: PluginKind): string => ownPlugins.registry.names(kind).join(', ');

const pluginOption = (): Option => {
  const given = new Option(
    '--plugin <package>',
    'use the plugins of a package or a file, too; can be repeated',
  );
  given.argParser((name, before: readonly string[]) => [...before, name]);
  given.default([]).defaultValueDescription = '';
  return given;
};

const listOf = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

const plugin =
  (flag: string) =>
  (text: string): ReturnType<typeof pluginText> =>
    pluginText(flag, text);

const counting = (): Limits<number> => option.number(1, { minimum: 1, whole: true });

function numeric(
  flags: string,
  description: string,
  { takes, accepts, default: initial }: Limits<number>,
  usually = String(initial),
): Option {
  const flag = flags.split(' ')[0];
  return new Option(flags, `${description} (default: ${usually})`).argParser((text) => {
    const value = numberIn(text);
    if (accepts(value)) return value;
    throw new UsageError(`${flag} must be ${takes}, but got "${text}"`);
  });
}

function unitsOf(text: string): readonly number[] {
  if (text === 'none') return [];
  const units = text.split(',').map(numberIn);
  const { accepts } = option.number(1, { minimum: 1, maximum: mostUnits, whole: true });
  if (units.every(accepts)) return units;
  throw new UsageError(
    `--hidden must be whole numbers from 1 up to ${mostUnits}, such as 128,64, or none, but got "${text}"`,
  );
}

/** NaN where there is none: Number('') would be 0. */
const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

// neurite inspect: what is in a model file.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readSafetensors, type Safetensors } from '@neurite/checkpoint';
import { type Network, NeuriteError, type PluginData, printShape } from '@neurite/core';
import { numberNames } from '../data/columns.ts';
import type { DataForm } from '../data/dataForm.ts';
import { count } from '../format.ts';
import { loadModel, type Model } from '../model/model.ts';
import { keptIn } from '../model/modelFile.ts';
import { pluginsWith } from '../plugins.ts';
import { makeReport, type Report } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';

export interface InspectOptions {
  readonly plugin: readonly string[];
  readonly json?: boolean;
}

/** @param path a model, another safetensors file, or a network as JSON. */
export async function inspectFile(
  path: string,
  options: InspectOptions,
  surroundings: Surroundings,
): Promise<number> {
  const report = makeReport(surroundings, options.json);
  const bytes = await readFile(resolve(surroundings.folder, path)).catch((cause) => {
    throw new NeuriteError('data', `${path} cannot be read: ${cause.message}`, { cause });
  });
  if (bytes[0] === 0x7b) {
    describeNetwork(await networkIn(bytes, path, options, surroundings), report);
    return 0;
  }
  const tensors = tensorsIn(bytes, path);
  if (tensors.metadata.has('neurite')) describeModel(await loadModel(path, options, surroundings), report);
  else describeTensors(tensors, report);
  return 0;
}

async function networkIn(
  bytes: Uint8Array,
  path: string,
  { plugin }: InspectOptions,
  { folder }: Surroundings,
): Promise<Network> {
  const { registry } = await pluginsWith(plugin, folder);
  try {
    return registry.network(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new NeuriteError('data', `${path}: ${(cause as Error).message}`, { cause });
  }
}

function tensorsIn(bytes: Uint8Array, path: string): Safetensors {
  try {
    return readSafetensors(bytes);
  } catch (cause) {
    throw new NeuriteError('data', `${path}: ${(cause as Error).message}`, { cause });
  }
}

function describeNetwork(network: Network, { say, data }: Report): void {
  data({ kind: 'network', network: network.toJSON(), ...sizesOf(network) });
  say(String(network.summary()));
}

const sizesOf = (network: Network): object => {
  const { layers, neurons, weights, biases, parameters } = network.summary();
  return { layers, neurons, weights, biases, parameters };
};

function describeModel({ checkpoint, network, form, classes }: Model, { say, data }: Report): void {
  const { training, dtype, statistics, notes } = checkpoint;
  const { run } = keptIn(checkpoint);
  const recipe = training && {
    loss: Object.values(training.losses).map(({ loss }) => loss),
    optimizer: training.optimizer,
    regularizer: training.regularizer,
    seed: training.seed,
    steps: training.steps,
    epochs: training.position?.epoch ?? training.epochs,
  };
  data({
    kind: 'model',
    network: checkpoint.network,
    ...sizesOf(network),
    dtype,
    training: recipe,
    classes,
    statistics,
    notes,
  });
  say(`${network.summary()}\n`);
  const lines: (readonly [name: string, text: string])[] = [['numbers', dtype]];
  if (recipe) {
    lines.push(
      ['loss', recipe.loss.map(printPlugin).join(', ')],
      ['optimizer', printPlugin(recipe.optimizer)],
      ...(recipe.regularizer ? [['regularizer', printPlugin(recipe.regularizer)] as const] : []),
      ['seed', String(recipe.seed)],
      ['trained', printTrained(recipe, run?.epochs)],
    );
  } else lines.push(['trained', 'the file does not say how']);
  if (classes) lines.push(['classes', classes.join(', ')]);
  if (form) lines.push(...describeForm(form));
  say(lines.map(([name, text]) => `${name.padEnd(12)}${text}`).join('\n'));
}

function printTrained(
  { steps, epochs }: { steps: number; epochs: number },
  wanted: number | undefined,
): string {
  const of = wanted === undefined || wanted === epochs ? '' : ` of ${count(wanted)}`;
  return `${count(steps)} steps, ${count(epochs)}${of} epochs`;
}

const describeForm = (form: DataForm): (readonly [string, string])[] =>
  form.kind === 'table'
    ? [
        ['inputs', numberNames(form.columns).join(', ')],
        ['label', form.label],
      ]
    : [['inputs', form.bytes ? 'IDX, bytes scaled to 0 … 1' : 'IDX, numbers']];

/** `{ type: 'adam', learningRate: 0.001 }` → "adam(learningRate 0.001)". */
function printPlugin({ type, ...options }: PluginData): string {
  const texts = Object.entries(options).map(([name, value]) =>
    typeof value === 'object' && value !== null && 'type' in value
      ? `${name} ${printPlugin(value as PluginData)}`
      : `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return texts.length === 0 ? type : `${type} (${texts.join(', ')})`;
}

function describeTensors({ tensors, metadata }: Safetensors, { say, data }: Report): void {
  const list = [...tensors].map(([name, { type, shape }]) => ({ name, type, shape }));
  data({ kind: 'safetensors', tensors: list, metadata: Object.fromEntries(metadata) });
  const longest = Math.max(...list.map(({ name }) => name.length));
  for (const { name, type, shape } of list)
    say(`${name.padEnd(longest)}  ${type.padEnd(4)}  ${printShape(shape)}`);
  const numbers = list.reduce((sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1), 0);
  say(`${count(list.length)} tensors, ${count(numbers)} numbers; no network of Neurite is in this file`);
  for (const [name, text] of metadata) say(`${name}: ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`);
}

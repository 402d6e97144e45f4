// The JSON in a file: the text `neurite` of its metadata. It says by name which tensors there are, and what each is of.
import { type NetworkData, NeuriteError, type PluginData, type ScheduleMemory } from '@neurite/core';
import type { CheckpointInfo, SavedPosition, TrainingRecipe, TrainingState } from './checkpoint.ts';
import { type JsonValue, pathTo, printJson } from './json/json.ts';
import {
  choice,
  count,
  fields,
  flag,
  listOf,
  names,
  object,
  type Reader,
  recordOf,
  size,
  text,
  wholeNumber,
  wrong,
} from './json/readers.ts';

/** Under which name it is in the metadata of a safetensors file. */
export const formName = 'neurite';

/** Names in the place of tensors. */
type TensorNames = readonly string[];

export type PositionForm = Omit<SavedPosition, 'totals'> & { readonly totals: TensorNames };

export interface TrainingForm
  extends TrainingRecipe,
    Omit<TrainingState, keyof TrainingRecipe | 'optimizerState' | 'memory' | 'schedules' | 'position'> {
  readonly optimizerState: TensorNames;
  readonly memory: TensorNames;
  /** Infinity and NaN as texts: JSON has none. */
  readonly schedules: readonly Readonly<Record<string, number | string>>[];
  readonly position?: PositionForm | undefined;
}

export interface Form extends CheckpointInfo {
  readonly version: 1;
  readonly network: NetworkData;
  readonly dtype: 'float32' | 'float64';
  readonly parameters: TensorNames;
  readonly layerState: TensorNames;
  readonly training?: TrainingForm | undefined;
}

/** What the tensors of a file are called. Those of the network have their own names, so that other programs know them. */
export const tensorNames = {
  optimizer: (key: string, parameter: string): string => `optimizer.${key}/${parameter}`,
  memory: (key: string): string => `memory/${key}`,
  totals: (name: string): string => `totals/${name}`,
} as const;

const plugin: Reader<PluginData> = (value, path) => {
  const data = object(value, path);
  text(Object.hasOwn(data, 'type') ? data.type : undefined, pathTo(path, 'type'));
  return data as PluginData;
};

const chain = fields({ input: listOf(size), layers: listOf(plugin) });
const source: Reader<string | number> = (value, path) => {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw wrong(path, 'the name of a node or a number', value);
};
const joined = fields({ join: text, from: listOf(source) }, { axis: wholeNumber });
const again = fields({ layer: text, from: text });
const node: Reader<unknown> = (value, path) => {
  const data = object(value, path);
  if (Object.hasOwn(data, 'type')) {
    text(data.from, pathTo(path, 'from'));
    return plugin(data, path);
  }
  return Object.hasOwn(data, 'layer') ? again(data, path) : joined(data, path);
};
const graph = fields({ inputs: recordOf(listOf(size)), nodes: recordOf(node), outputs: recordOf(text) });

const network: Reader<NetworkData> = (value, path) =>
  (Object.hasOwn(object(value, path), 'nodes') ? graph : chain)(value, path) as NetworkData;

const classNames: Reader<readonly string[] | Readonly<Record<string, readonly string[]>>> = (value, path) =>
  Array.isArray(value) ? listOf(text)(value, path) : recordOf(listOf(text))(value, path);

const notFinite: Readonly<Record<string, number>> = {
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  NaN: Number.NaN,
};
const remembered: Reader<number | string> = (value, path) => {
  if (typeof value === 'number' || (typeof value === 'string' && Object.hasOwn(notFinite, value)))
    return value;
  throw wrong(path, `a number, ${Object.keys(notFinite).map(printJson).join(', ')}`, value);
};

/** What a schedule remembers, as JSON can hold it; and back. */
export const memoryForm = (memory: ScheduleMemory): Readonly<Record<string, number | string>> =>
  Object.fromEntries(
    Object.entries(memory).map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]),
  );
export const memoryFrom = (form: Readonly<Record<string, number | string>>): ScheduleMemory =>
  Object.fromEntries(
    Object.entries(form).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : (notFinite[value] as number),
    ]),
  );

const weight: Reader<number> = (value, path) => {
  if (typeof value === 'number' && value >= 0) return value;
  throw wrong(path, 'a number from 0', value);
};

const position: Reader<PositionForm> = (value, path) => {
  const place = fields<PositionForm>({
    epoch: count,
    step: count,
    batchSize: size,
    rows: size,
    totals: names,
  })(value, path);
  const steps = Math.ceil(place.rows / place.batchSize);
  if (place.step > steps) throw wrong(pathTo(path, 'step'), `at most the ${steps} of an epoch`, place.step);
  return place;
};

/** The number of steps is an int32 where it is counted. */
const steps: Reader<number> = (value, path) => {
  if (count(value, path) < 2 ** 31) return value as number;
  throw wrong(path, 'a number of steps', value);
};

const training = fields<
  Pick<TrainingForm, Exclude<keyof TrainingForm, OptionalFields>>,
  Pick<TrainingForm, OptionalFields>
>(
  {
    losses: recordOf(fields({ loss: plugin, weight })),
    optimizer: plugin,
    metrics: recordOf(listOf(plugin)),
    seed: wholeNumber,
    steps,
    epochs: count,
    schedules: listOf(recordOf(remembered)),
    adapted: flag,
    optimizerState: names,
    memory: names,
  },
  { regularizer: plugin, constraint: plugin, written: names, evaluates: text, position },
);
type OptionalFields = 'regularizer' | 'constraint' | 'written' | 'evaluates' | 'position';

const form: Reader<Form> = fields<
  Pick<Form, 'version' | 'network' | 'dtype' | 'parameters' | 'layerState'>,
  Pick<Form, 'training' | keyof CheckpointInfo>
>(
  {
    version: choice(1),
    network,
    dtype: choice('float32', 'float64'),
    parameters: names,
    layerState: names,
  },
  { classNames, statistics: object, notes: object, training },
);

/** The form in the data of a file. The version is looked at first: other versions may have other fields. */
export function readForm(data: JsonValue, path: string): Form {
  const { version } = object(data, path);
  if (version !== 1 && typeof version === 'number') {
    throw new NeuriteError(
      'unsupported',
      `${pathTo(path, 'version')} is ${version}, but this version of @neurite/checkpoint reads 1: install a newer one`,
    );
  }
  return form(data, path);
}

// Data files as examples: inputs of a shape, and what is to be learned of each.
import { NeuriteError } from '@neurite/core';
import type { IdxArray } from '@neurite/datasets';
import { columnsOf, encodeColumns, placesIn, widthOf } from './columns.ts';
import type { DataForm } from './dataForm.ts';
import type { Source } from './source.ts';
import { numbersOf, placeOf, type Table } from './table.ts';
import { classesOf, type Task, taskOf } from './task.ts';

/** Inputs, row by row. */
export interface Inputs {
  readonly rows: number;
  /** Of one row. */
  readonly shape: readonly number[];
  /** [rows, …shape]. */
  readonly inputs: IdxArray['values'];
}

/** The class of each row, or the number to predict. */
export type Targets = Int32Array | Float32Array;

export interface LearnOptions {
  /** The column to learn, by its name or its number from 0; the last one. */
  readonly label?: string | undefined;
  readonly task?: Task | undefined;
  /** Columns that are neither learned nor learned from. */
  readonly ignore?: readonly string[] | undefined;
  readonly header: boolean;
}

/** What is to be learned, as it was found in the data. */
export interface Finding {
  readonly form: DataForm;
  /** Undefined for numbers. */
  readonly classes: readonly string[] | undefined;
  /** Why, in words. */
  readonly reason: string;
}

/**
 * What there is to learn in `source`.
 *
 * @throws NeuriteError `data` where a column is missing or holds what cannot be learned from.
 */
export function findForm(source: Source, { label, task, ignore = [], header }: LearnOptions): Finding {
  if (source.kind === 'idx') return findIdxForm(source);
  const { table } = source;
  for (const name of ignore) placeOf(table, name);
  const at = label === undefined ? lastOf(table, ignore) : labelIn(table, label);
  const name = table.names[at] as string;
  const seen = taskOf(table, at);
  const chosen = task ?? seen.task;
  const inputs = table.names.filter((each) => each !== name && !ignore.includes(each));
  if (inputs.length === 0)
    throw new NeuriteError('data', `${table.source} has no column to learn "${name}" from`);
  return {
    form: { kind: 'table', task: chosen, header, columns: columnsOf(table, inputs), label: name },
    classes: chosen === 'classification' ? classesOf(table, at) : undefined,
    reason: task === undefined ? seen.reason : 'as asked for',
  };
}

const lastOf = ({ names }: Table, ignore: readonly string[]): number =>
  names.findLastIndex((name) => !ignore.includes(name));

/** A name goes before a number. */
function labelIn(table: Table, label: string): number {
  const number = /^\d+$/.test(label) ? Number(label) : -1;
  return !table.names.includes(label) && number >= 0 && number < table.names.length
    ? number
    : placeOf(table, label);
}

function findIdxForm({ source, inputs, labels }: Source & { kind: 'idx' }): Finding {
  if (!labels)
    throw new NeuriteError(
      'data',
      `${source}: --labels FILE must name the IDX file with what is to be learned`,
    );
  const bytes = inputs.values instanceof Uint8Array;
  if (labels.values instanceof Float32Array || labels.values instanceof Float64Array)
    return {
      form: { kind: 'idx', task: 'regression', bytes },
      classes: undefined,
      reason: 'the labels are fractions',
    };
  const largest = Array.from(labels.values).reduce((most, label) => Math.max(most, label), 0);
  return {
    form: { kind: 'idx', task: 'classification', bytes },
    classes: Array.from({ length: largest + 1 }, (_, label) => String(label)),
    reason: 'the labels are whole numbers',
  };
}

/**
 * The inputs in `source`, in the form that the model learned them in.
 *
 * @throws NeuriteError `data` where they are of another form.
 */
export function inputsIn(source: Source, form: DataForm): Inputs {
  requireKind(source, form);
  if (source.kind === 'idx') {
    const [rows = 0, ...shape] = source.inputs.shape;
    return { rows, shape: shape.length === 0 ? [1] : shape, inputs: source.inputs.values };
  }
  const { columns } = form as DataForm & { kind: 'table' };
  const { rows } = source.table;
  return { rows: rows.length, shape: [widthOf(columns)], inputs: encodeColumns(source.table, columns) };
}

/**
 * What `source` says is right.
 *
 * @param classes undefined for numbers.
 * @throws NeuriteError `data` where it does not say it, or says something that is none of the classes.
 */
export function targetsIn(source: Source, form: DataForm, classes: readonly string[] | undefined): Targets {
  requireKind(source, form);
  if (source.kind === 'table') {
    const { table } = source;
    const at = placeOf(table, (form as DataForm & { kind: 'table' }).label);
    return classes ? placesIn(table, at, classes) : Float32Array.from(numbersOf(table, at));
  }
  const { labels } = source;
  if (!labels)
    throw new NeuriteError(
      'data',
      `${source.source}: --labels FILE must name the IDX file with the right answers`,
    );
  if (!classes) return Float32Array.from(labels.values);
  const strange = labels.values.findIndex((label) => classes[label] === undefined);
  if (strange >= 0) {
    throw new NeuriteError(
      'data',
      `label ${strange} is ${labels.values[strange]}, but the classes are 0 … ${classes.length - 1}`,
    );
  }
  return Int32Array.from(labels.values);
}

function requireKind(source: Source, { kind }: DataForm): void {
  if (source.kind === kind) return;
  const [wanted, got] = kind === 'table' ? ['a table', 'an IDX file'] : ['an IDX file', 'a table'];
  throw new NeuriteError('data', `the model learned from ${wanted}, but got ${got}`);
}

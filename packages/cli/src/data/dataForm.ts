// What a model must know of its data to be given others: it is saved with the model.
import type { JsonObject } from '@neurite/checkpoint';
import type { Column } from './columns.ts';
import type { Task } from './task.ts';

export interface TableForm {
  readonly kind: 'table';
  readonly task: Task;
  /** Whether the first row held the names. */
  readonly header: boolean;
  /** What the inputs are made of. */
  readonly columns: readonly Column[];
  /** The column that was learned. */
  readonly label: string;
}

export interface IdxForm {
  readonly kind: 'idx';
  readonly task: Task;
  /** Whether the inputs are whole numbers 0 … 255, which are scaled to 0 … 1. */
  readonly bytes: boolean;
}

export type DataForm = TableForm | IdxForm;

export const formToJson = (form: DataForm): JsonObject =>
  form.kind === 'idx'
    ? { ...form }
    : {
        kind: form.kind,
        task: form.task,
        header: form.header,
        columns: form.columns.map(({ name, categories }) => ({ name, ...(categories && { categories }) })),
        label: form.label,
      };

/** What `formToJson` gave; undefined for whatever another program has saved. */
export function formFromJson(json: JsonObject | undefined): DataForm | undefined {
  const { kind, task, header, label, columns, bytes } = json ?? {};
  if (task !== 'classification' && task !== 'regression') return undefined;
  if (kind === 'idx' && typeof bytes === 'boolean') return { kind, task, bytes };
  if (kind !== 'table' || typeof header !== 'boolean' || typeof label !== 'string') return undefined;
  // in the order of `formToJson`: a training that goes on shall end in the same file
  return isList(columns, isColumn) ? { kind, task, header, columns, label } : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isList = <T>(value: unknown, isMember: (member: unknown) => member is T): value is readonly T[] =>
  Array.isArray(value) && value.every(isMember);
const isColumn = (value: unknown): value is Column => {
  if (typeof value !== 'object' || value === null) return false;
  const { name, categories } = value as Partial<Column>;
  return isText(name) && (categories === undefined || isList(categories, isText));
};

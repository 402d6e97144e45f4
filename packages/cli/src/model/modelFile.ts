// What the command line keeps in a model file beside the training itself.
import type { Checkpoint, CheckpointInfo } from '@neurite/checkpoint';
import { type DataForm, formFromJson, formToJson } from '../data/dataForm.ts';

/** How a training was asked for: what it takes to go on with it. */
export interface RunNotes {
  readonly epochs: number;
  readonly batchSize: number;
  /** Part of the rows that is not learned from. */
  readonly validation: number;
  /** Which rows these are. */
  readonly seed: number;
  /** As --backend said it; absent where nobody did. */
  readonly backend?: string | undefined;
  /** Of the data: others would not give the same training. */
  readonly digest: string;
}

export interface Kept {
  readonly form: DataForm;
  readonly classes: readonly string[] | undefined;
  readonly run: RunNotes;
}

export function infoOf({ form, classes, run }: Kept): CheckpointInfo {
  const { backend, ...rest } = run;
  return {
    ...(classes && { classNames: classes }),
    statistics: formToJson(form),
    notes: { train: { ...rest, ...(backend !== undefined && { backend }) } },
  };
}

/** What `infoOf` gave; each part is undefined where another program has saved something else. */
export function keptIn({ classNames, statistics, notes }: Checkpoint): Partial<Kept> {
  return {
    form: formFromJson(statistics),
    classes: Array.isArray(classNames) ? classNames : undefined,
    run: runFrom(notes?.train),
  } as Partial<Kept>;
}

function runFrom(json: unknown): RunNotes | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { epochs, batchSize, validation, seed, backend, digest } = json as Partial<RunNotes>;
  const areRight =
    isWhole(epochs) &&
    epochs > 0 &&
    isWhole(batchSize) &&
    batchSize > 0 &&
    isWhole(seed) &&
    typeof validation === 'number' &&
    validation >= 0 &&
    validation < 1 &&
    typeof digest === 'string' &&
    (backend === undefined || typeof backend === 'string');
  return areRight ? { epochs, batchSize, validation, seed, backend, digest } : undefined;
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

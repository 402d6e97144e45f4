// A training that is ready for its next step: the first, or one in the middle.
import { createHash } from 'node:crypto';
import { NeuriteError, sizeOf, type Trainer } from '@neurite/core';
import { split } from '@neurite/datasets';
import type { Inputs, Targets } from '../data/examples.ts';
import type { Kept } from '../model/modelFile.ts';
import type { Plugins } from '../plugins.ts';
import type { Report } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';
import type { TrainOptions } from './options.ts';

export interface Session extends Parts {
  readonly trainer: Trainer;
  /** What is saved with it. */
  readonly kept: Kept;
  /** Where. */
  readonly out: string;
}

export interface Parts {
  readonly training: Rows;
  readonly validation: Rows | undefined;
}

/** Examples as `fit` takes them. */
export interface Rows {
  readonly inputs: Inputs['inputs'];
  readonly targets: Targets;
  readonly shape: readonly number[];
}

/** What it takes to make a session. */
export interface Request {
  readonly data: string;
  readonly options: TrainOptions;
  readonly plugins: Plugins;
  readonly surroundings: Surroundings;
  readonly report: Report;
}

export const countRows = ({ inputs, shape }: Rows): number => inputs.length / sizeOf(shape);

/** What is learned from, and what is not: the same rows for the same seed. */
export function divide(rows: Rows, fraction: number, seed: number): Parts {
  if (fraction === 0) return { training: rows, validation: undefined };
  const { training, test } = split(rows, { testFraction: fraction, seed });
  if (training.inputs.length === 0)
    throw new NeuriteError('data', 'there are too few rows: --validation 0 learns from all of them');
  return { training, validation: test.inputs.length === 0 ? undefined : test };
}

/** By which the same data are known again. */
export function digestOf({ inputs, targets }: Rows): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [inputs, targets])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex').slice(0, 32);
}

export const warningsTo =
  ({ warn }: Report) =>
  (message: string): void =>
    warn(`warning: ${message}`);

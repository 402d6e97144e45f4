// Values in the architecture of a Keras model, checked where they are read.
import { NeuriteError } from '@neurite/core';

export type Config = Readonly<Record<string, unknown>>;

export const isConfig = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (where: string, wanted: string, value: unknown): NeuriteError =>
  new NeuriteError('data', `${where} of the Keras model must be ${wanted}, but is ${print(value)}`);

function print(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function configOf(value: unknown, where: string): Config {
  if (isConfig(value)) return value;
  throw wrong(where, 'an object', value);
}

export function listOf(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(where, 'a list', value);
}

export function textOf(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(where, 'a text', value);
}

export function numberOf(value: unknown, where: string): number {
  if (typeof value === 'number') return value;
  throw wrong(where, 'a number', value);
}

/** Sizes of axes without the batch: [null, 28, 28] is [28, 28]. */
export function exampleShape(value: unknown, where: string): number[] {
  return listOf(value, where)
    .slice(1)
    .map((size) => {
      if (Number.isSafeInteger(size) && (size as number) > 0) return size as number;
      throw wrong(where, 'a list of known sizes behind the batch', value);
    });
}

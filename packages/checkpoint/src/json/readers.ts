// Readers: each takes a value of a file and its path there, and gives what it must be, or throws with the path.
import { NeuriteError } from '@neurite/core';
import { isReserved, type JsonObject, type JsonValue, pathTo, printJson, printPath } from './json.ts';

export type Reader<T> = (value: JsonValue | undefined, path: string) => T;

/** The error that says what should stand at `path`. */
export const wrong = (path: string, wanted: string, value: unknown): NeuriteError =>
  new NeuriteError('data', `${printPath(path)} must be ${wanted}, but got ${printJson(value)}`);

/** A reader of what `accepts` takes. */
const simple =
  <T extends JsonValue>(wanted: string, accepts: (value: JsonValue | undefined) => boolean): Reader<T> =>
  (value, path) => {
    if (accepts(value)) return value as T;
    throw wrong(path, wanted, value);
  };

const isWhole = (value: JsonValue | undefined, minimum: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= minimum;

export const text = simple<string>('a text', (value) => typeof value === 'string');
export const flag = simple<boolean>('true or false', (value) => typeof value === 'boolean');
/** From 0. */
export const count = simple<number>('a whole number from 0', (value) => isWhole(value, 0));
/** From 1. */
export const size = simple<number>('a whole number from 1', (value) => isWhole(value, 1));
export const wholeNumber = simple<number>('a whole number', (value) => Number.isSafeInteger(value));
export const object = simple<JsonObject>(
  'an object',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
export const choice = <const T extends JsonValue>(...choices: readonly T[]): Reader<T> =>
  simple<T>(choices.map(printJson).join(' or '), (value) => choices.includes(value as T));

export const listOf =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw wrong(path, 'a list', value);
    return value.map((each: JsonValue, i) => read(each, pathTo(path, i)));
  };

/** Different texts. */
export const names: Reader<readonly string[]> = (value, path) => {
  const list = listOf(text)(value, path);
  const seen = new Set<string>();
  list.forEach((name, i) => {
    if (isReserved(name)) throw wrong(pathTo(path, i), 'a name that is not refused', name);
    if (seen.has(name)) throw wrong(pathTo(path, i), 'another name than those before it', name);
    seen.add(name);
  });
  return list;
};

export const recordOf =
  <T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (value, path) =>
    Object.fromEntries(
      Object.entries(object(value, path)).map(([key, each]) => [key, read(each, pathTo(path, key))]),
    );

type Readers<T> = { readonly [Name in keyof T]-?: Reader<Exclude<T[Name], undefined>> };

/** An object with these fields, and no others. */
export const fields =
  <Required extends object, Optional extends object = Record<never, never>>(
    required: Readers<Required>,
    optional: Readers<Optional> = {} as Readers<Optional>,
  ): Reader<Required & { readonly [Name in keyof Optional]?: Optional[Name] }> =>
  (value, path) => {
    const given = object(value, path);
    const readers: Readonly<Record<string, Reader<unknown>>> = { ...required, ...optional };
    const strange = Object.keys(given).find((name) => !Object.hasOwn(readers, name));
    if (strange !== undefined)
      throw new NeuriteError(
        'data',
        `${pathTo(path, strange)} is unknown to this version of @neurite/checkpoint`,
      );
    const entries = Object.entries(readers).flatMap(([name, read]) => {
      const own = Object.hasOwn(given, name) ? given[name] : undefined;
      if (own === undefined && Object.hasOwn(optional, name)) return [];
      return [[name, read(own, pathTo(path, name))] as const];
    });
    return Object.fromEntries(entries) as Required & Optional;
  };

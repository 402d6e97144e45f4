// What JSON can hold, and how places in it are called.

/** What JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
/** An object that JSON can hold. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Lists and objects within each other; a network needs about six, and one more for each plugin in a plugin. */
export const deepest = 64;

/** Keys that mean something to JavaScript objects: nobody's data has them by accident. */
export const isReserved = (key: string): boolean =>
  key === '__proto__' || key === 'constructor' || key === 'prototype';

/** The place `key` within `path`: "network.layers[2]", 'tensors["hidden1.weight"]'. */
export function pathTo(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (/^[A-Za-z_$][\w$]{0,59}$/.test(key)) return path === '' ? key : `${path}.${key}`;
  return `${path}[${JSON.stringify(cut(key))}]`;
}

/** A path as it begins a message: its end where it is long; that of the whole has no name. */
export const printPath = (path: string): string =>
  path.length > 200 ? `…${path.slice(-199)}` : path || 'the JSON of the checkpoint';

/** `text` as it may stand in a message: a hostile file must not fill it. */
export const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

/** What came, for messages. Long values are called by their kind. */
export function printJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(cut(value));
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

// Data as JSON. JSON.stringify writes null for infinity and drops functions without a word; this one says where they are.
import { NeuriteError } from '@neurite/core';
import { deepest, isReserved, pathTo, printJson, printPath } from './json.ts';

/**
 * `value` as JSON, from which `parseJson` makes the same again, the sign of −0 too. Entries that are undefined are left
 * out.
 *
 * @throws NeuriteError `data` that names the place where something is that JSON cannot hold, or `parseJson` refuses.
 */
export function writeJson(value: unknown, path: string, depth = 0): string {
  const refuse = (why: string): NeuriteError =>
    new NeuriteError('data', `${printPath(path)} cannot be saved: ${why}`);
  if (depth > deepest) throw refuse(`it is nested in more than ${deepest} others, or in itself`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
    throw refuse(`it is ${value}`);
  }
  if (Array.isArray(value))
    return `[${value.map((each, i) => writeJson(each, pathTo(path, i), depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || !isPlain(value)) throw refuse(`it is ${printKind(value)}`);
  const entries = Object.entries(value).flatMap(([key, each]) => {
    if (each === undefined) return [];
    if (isReserved(key)) throw refuse(`it has the key "${key}"`);
    return [`${JSON.stringify(key)}:${writeJson(each, pathTo(path, key), depth + 1)}`];
  });
  return `{${entries.join(',')}}`;
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const printKind = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `a ${(value.constructor as { name?: string } | undefined)?.name ?? 'strange object'}: give lists and plain objects`
    : typeof value === 'function'
      ? 'a function'
      : printJson(value);

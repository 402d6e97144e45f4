// Where two pieces of data differ.
import { pathTo, printJson } from './json/json.ts';

export interface Difference {
  readonly path: string;
  /** What is there, for messages. */
  readonly saved: string;
  readonly here: string;
}

/** The first place where data differ; undefined where they are the same. The order of keys does not count. */
export function difference(saved: unknown, here: unknown, path: string): Difference | undefined {
  if (saved === here) return undefined;
  const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
  if (!isNested(saved) || !isNested(here) || Array.isArray(saved) !== Array.isArray(here))
    return { path, saved: printJson(saved), here: printJson(here) };
  const [one, two] = [entriesOf(saved), entriesOf(here)];
  for (const key of new Set([...one.keys(), ...two.keys()])) {
    const found = difference(one.get(key), two.get(key), pathTo(path, key));
    if (found) return found;
  }
  return undefined;
}

/** Entries that are undefined are as good as none. */
const entriesOf = (value: object): Map<string | number, unknown> =>
  new Map<string | number, unknown>(
    Array.isArray(value) ? value.entries() : Object.entries(value).filter(([, each]) => each !== undefined),
  );

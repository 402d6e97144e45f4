// Trained networks as ES modules that depend on nothing.
import { type Network, NeuriteError } from '@neurite/core';
import { families } from './module/family.ts';
import { printPrediction } from './module/program.ts';
import { printDecoder, printHeader, printNumbers, printPredict } from './module/text.ts';
import type { NumberOptions } from './trace.ts';
import { requireValues, type Values } from './values.ts';

export type { NumberOptions } from './trace.ts';
export type { Values } from './values.ts';

export interface ModuleOptions extends NumberOptions {
  /** Names of the classes, which the module exports as `classes`. */
  readonly classes?: readonly string[] | undefined;
  /**
   * How many rows are computed at once at most: a power of two. 256, as `predict` does. With 1, the module is smallest, and
   * its numbers are those of `predict` of a single row.
   */
  readonly rows?: number | undefined;
}

/**
 * The network as it predicts, as the source of an ES module without imports, for Node, browsers and workers:
 * `export function predict(inputs)`. It takes numbers row by row, as many rows as there are, and gives the outputs row by
 * row; both are by name where the network has several. Its numbers are those of `trainer.predict` on the CPU backend, bit
 * for bit: it has the very code that the backend runs, for each number of rows that `predict` takes at once. It makes no
 * code from text, so that it works under any content-security policy.
 *
 * @param values parameters and layer state by name.
 * @throws NeuriteError `name` or `shape` where values are missing or do not fit; `unsupported` where the network draws
 * random numbers.
 *
 * @example
 * const values = { ...(await trainer.readEvaluatedParameters()), ...(await trainer.readLayerState()) };
 * writeFileSync('digits.mjs', toModule(trainer.network, values, { classes: ['zero', 'one', …] }));
 */
export function toModule(network: Network, values: Values, options: ModuleOptions = {}): string {
  requireValues(network, values);
  const { dtype = 'float32', inputs: kind = 'numbers', rows = 256, classes } = options;
  if (!(Number.isInteger(rows) && rows >= 1 && rows <= 256 && Number.isInteger(Math.log2(rows)))) {
    throw new NeuriteError('option', `rows must be a power of two up to 256, but got ${rows}`);
  }
  const sizes = Array.from({ length: Math.log2(rows) + 1 }, (_, i) => 2 ** i);
  const programs = families(new Map(sizes.map((size) => [size, printPrediction(network, size, options)])));
  const lists = Object.entries({ parameters: network.parameters, layers: network.state });
  const makers = programs.flatMap(({ members }, i) =>
    members.map(({ key, values: numbers }) => `  ${key}: () => program${i}(${numbers.join(', ')}),`),
  );
  return [
    printHeader(network),
    ...(classes ? ['', `export const classes = ${JSON.stringify(classes)};`] : []),
    printPredict(network, kind === 'bytes' ? 'uint8' : dtype, dtype, rows),
    printDecoder(dtype),
    ...lists.flatMap(([name, parts]) => {
      const numbers = parts.map((part) => values[part.name] as ArrayLike<number>);
      return parts.length === 0 ? [] : [printNumbers(name, dtype, numbers)];
    }),
    `
// The programs, for so many rows each.
const made = new Map();
function programFor(rows) {
  const program = made.get(rows) ?? makers[rows]();
  made.set(rows, program);
  return program;
}
const makers = {`,
    ...makers,
    '};',
    ...programs.map(
      ({ parameters, body }, i) => `\nfunction program${i}(${parameters.join(', ')}) {\n${body}\n}`,
    ),
    '',
  ].join('\n');
}

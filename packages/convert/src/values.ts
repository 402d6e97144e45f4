// The numbers of a network, by name.
import { type Network, NeuriteError, nearestNames, sizeOf } from '@neurite/core';

/**
 * Parameters and what layers keep from step to step, by full name, row-major:
 * `{ ...(await trainer.readEvaluatedParameters()), ...(await trainer.readLayerState()) }`.
 */
export type Values = Readonly<Record<string, ArrayLike<number>>>;

/** @throws NeuriteError `name` where a name is missing or strange; `shape` where there are more or fewer numbers. */
export function requireValues(network: Network, values: Values): void {
  const wanted = [...network.parameters, ...network.state];
  const missing = wanted.filter(({ name }) => !Object.hasOwn(values, name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new NeuriteError(
      'name',
      `there are no numbers for ${quoted(missing)}: give those of readParameters() and readLayerState()`,
    );
  }
  for (const name of Object.keys(values)) {
    if (wanted.some((each) => each.name === name)) continue;
    const names = nearestNames(
      name,
      wanted.map((each) => each.name),
    );
    throw new NeuriteError('name', `the network has no "${name}": it has ${quoted(names)}`);
  }
  for (const { name, shape } of wanted) {
    const { length } = values[name] as ArrayLike<number>;
    if (length === sizeOf(shape)) continue;
    throw new NeuriteError('shape', `"${name}" takes ${sizeOf(shape)} numbers, but got ${length}`);
  }
}

export const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

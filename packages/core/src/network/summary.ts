// What a network is made of, as numbers and as a table.
import { sizeOf } from '../scalar/shape.ts';
import type { Network } from './network.ts';

/** What is in a network: a row for each layer, and sums. */
export interface Summary {
  readonly layers: readonly {
    readonly name: string;
    readonly type: string;
    /** Shape of one example. */
    readonly output: readonly number[];
    readonly parameters: number;
  }[];
  /** Units outside the input layer, as the field counts the size of a network. */
  readonly neurons: number;
  readonly weights: number;
  readonly biases: number;
  readonly parameters: number;
  toString(): string;
}

export function summarize(network: Network): Summary {
  const count = (role: 'weight' | 'bias'): number =>
    network.parameters.reduce(
      (sum, parameter) => sum + (parameter.role === role ? sizeOf(parameter.shape) : 0),
      0,
    );
  const [weights, biases] = [count('weight'), count('bias')];
  const layers = network.layers.map(({ name, layer, output, parameters }) => ({
    name,
    type: layer.type,
    output,
    parameters: parameters.reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0),
  }));
  const neurons = network.layers.reduce((sum, { layer }) => sum + (layer.neurons ?? 0), 0);
  const parameters = weights + biases;
  return {
    layers,
    neurons,
    weights,
    biases,
    parameters,
    toString: () =>
      [
        ...table([
          ['layer', 'type', 'output', 'parameters'],
          ...network.inputs.map(({ name, shape }) => [name, '', shape.join(' × '), '']),
          ...layers.map((row) => [
            row.name,
            row.type,
            row.output.join(' × '),
            row.parameters.toLocaleString('en'),
          ]),
        ]),
        `${neurons} neurons, ${weights.toLocaleString('en')} weights + ${biases.toLocaleString('en')} biases = ${parameters.toLocaleString('en')} parameters`,
      ].join('\n'),
  };
}

/** Rows as lines, columns aligned, the last one to the right; a rule under the first row. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] as readonly string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] as string).length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number;
        return column === row.length - 1 ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  '),
  );
  return [lines[0] as string, widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1)];
}

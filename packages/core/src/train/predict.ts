// Predictions for any number of rows, chunk by chunk.
import { NeuriteError } from '../errors.ts';
import type { Network } from '../network/network.ts';
import { type DType, dtypeOf, type NumberArray, newArray } from '../scalar/dtype.ts';
import { sizeOf } from '../scalar/shape.ts';
import type { Compiled } from './compiled.ts';
import { portNames } from './recipe.ts';
import { sliceRows } from './rows.ts';

/** Rows that a prediction takes at once. */
const chunkRows = 256;

/**
 * The network's outputs, each row by row.
 *
 * @param inputs checked numbers for each input of the network.
 * @param programFor a program of `traceOutputs` for so many rows of inputs of these dtypes.
 */
export async function predictRows(
  network: Network,
  dtype: DType,
  rows: number,
  inputs: readonly NumberArray[],
  programFor: (size: number, dtypes: readonly DType[]) => Promise<Compiled>,
): Promise<NumberArray[]> {
  const dtypes = inputs.map((values) => dtypeOf(values) as DType);
  const widths = network.outputs.map(({ shape }) => sizeOf(shape));
  const names = portNames('prediction', network.outputs);
  const inputNames = portNames('inputs', network.inputs);
  const results = widths.map((width) => newArray(dtype, rows * width));
  for (let row = 0; row < rows; ) {
    const taken = Math.min(rows - row, chunkRows);
    // A power of two, so that few programs serve any number of rows; the outputs of rows beyond the last are dropped.
    const compiled = await programFor(2 ** Math.ceil(Math.log2(taken)), dtypes);
    inputs.forEach((values, i) => {
      compiled.write(`batch.${inputNames[i]}`, sliceRows(values, rows, row, row + taken));
    });
    await compiled.executable.run();
    for (const [i, result] of results.entries()) {
      const width = widths[i] as number;
      const outputs = await compiled.read(names[i] as string);
      result.set(outputs.subarray(0, taken * width), row * width);
    }
    row += taken;
  }
  return results;
}

/** @throws NeuriteError `state` where there are several outputs. */
export function onlyOutput({ outputs }: Network, all: readonly NumberArray[]): NumberArray {
  if (outputs.length > 1) {
    const names = outputs.map(({ name }) => `"${name}"`).join(', ');
    throw new NeuriteError('state', `predict: the network has the outputs ${names}: use predictAll()`);
  }
  return all[0] as NumberArray;
}

/** Numbers of each output under its name. */
export const outputsByName = (
  { outputs }: Network,
  all: readonly NumberArray[],
): Record<string, NumberArray> =>
  Object.fromEntries(outputs.map(({ name }, i) => [name, all[i] as NumberArray]));

// Examples as users have them, checked and brought into the form in which programs read them.
import { NeuriteError } from '../errors.ts';
import type { Network } from '../network/network.ts';
import type { Loss } from '../plugin/loss.ts';
import { convertArray, type DType, dtypeOf, type NumberArray } from '../scalar/dtype.ts';
import { convert } from '../scalar/operations.ts';
import { printShape, type Shape, sizeOf } from '../tensor/shape.ts';

/** Numbers row by row: flat, or a list for each row. */
export type Numbers = NumberArray | Uint8ClampedArray | readonly number[] | readonly ArrayLike<number>[];

/**
 * Examples.
 * `inputs`: rows of the network's input shape. uint8 means 0 … 255 and is scaled to 0 … 1 inside the kernel that reads it.
 * `targets`: a class number for each row (where the loss takes classes), or values of the network's output shape.
 */
export interface Data {
  readonly inputs: Numbers;
  readonly targets: Numbers;
}

/** Checked examples. */
export interface Examples {
  readonly rows: number;
  /** uint8, or the dtype that is computed in. */
  readonly inputs: NumberArray;
  readonly targets: NumberArray;
  readonly form: DataForm;
}

/** What programs must know of examples beside how many there are. */
export interface DataForm {
  readonly inputs: DType;
  readonly targets: 'classes' | 'values';
}

/** Flat numbers; rows must be equally long. */
function flatten(
  numbers: Numbers,
  who: string,
): { values: ArrayLike<number>; rowLength: number | undefined } {
  if (!Array.isArray(numbers)) {
    if (dtypeOf(numbers)) return { values: numbers as NumberArray, rowLength: undefined };
    throw new NeuriteError(
      'data',
      `${who} must be typed arrays or lists of numbers, but got ${Object.prototype.toString.call(numbers)}`,
    );
  }
  if (numbers.length === 0 || typeof numbers[0] === 'number')
    return { values: numbers as readonly number[], rowLength: undefined };
  const rows = numbers as readonly ArrayLike<number>[];
  const rowLength = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * rowLength);
  rows.forEach((row, i) => {
    if (row?.length !== rowLength) {
      throw new NeuriteError(
        'data',
        `${who}: row ${i} has ${row?.length ?? 'no'} numbers, but row 0 has ${rowLength}`,
      );
    }
    values.set(row, i * rowLength);
  });
  return { values, rowLength };
}

/** Throws at the first entry that is no finite number, or none any more in `dtype`. */
function requireFinite(values: ArrayLike<number>, dtype: DType, width: number, who: string): void {
  if (dtypeOf(values) === dtype && allFinite(values)) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value) || !Number.isFinite(convert(value as number, dtype))) {
      throw new NeuriteError(
        'data',
        `${who}: row ${Math.floor(i / width)}, column ${i % width} is ${String(value)}: replace or leave out such rows`,
      );
    }
  }
}

/** 0 · x is NaN for infinity and NaN alone; four sums at once, since every batch of a loop passes through here. */
function allFinite(values: ArrayLike<number>): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < values.length; i += 4) {
    a += 0 * (values[i] as number);
    b += 0 * (values[i + 1] as number);
    c += 0 * (values[i + 2] as number);
    d += 0 * (values[i + 3] as number);
  }
  for (; i < values.length; i++) a += 0 * (values[i] as number);
  return a + b + c + d === 0;
}

/** `values` in `dtype`; the same array where it has that already. */
function inDtype(dtype: DType, values: ArrayLike<number>): NumberArray {
  if (dtypeOf(values) !== dtype) return convertArray(dtype, values);
  if (!(values instanceof Uint8ClampedArray)) return values as NumberArray;
  return new Uint8Array(values.buffer, values.byteOffset, values.length); // what a canvas gives
}

/**
 * Rows of `shape`: uint8 as it is, everything else in `dtype`.
 *
 * @throws NeuriteError `data` where there are none, where they do not fit the shape, or where a number is not finite.
 */
export function prepareInputs(
  numbers: Numbers,
  shape: Shape,
  dtype: DType,
  who = 'inputs',
): { rows: number; values: NumberArray } {
  const { values, rowLength } = flatten(numbers, who);
  const width = sizeOf(shape);
  if (values.length === 0)
    throw new NeuriteError('data', `${who} are empty: give at least one row of ${printShape(shape)}`);
  if (values.length % width !== 0 || (rowLength !== undefined && rowLength !== width)) {
    throw new NeuriteError(
      'data',
      `${who} must be rows of ${printShape(shape)}, ${width} numbers each, but got ${rowLength === undefined ? `${values.length} numbers` : `rows of ${rowLength}`}`,
    );
  }
  const rows = values.length / width;
  if (dtypeOf(values) === 'uint8') return { rows, values: inDtype('uint8', values) };
  requireFinite(values, dtype, width, who);
  return { rows, values: inDtype(dtype, values) };
}

/** @throws NeuriteError `data` that says which row is wrong and how. */
export function prepareData(data: Data, network: Network, loss: Loss, dtype: DType): Examples {
  if (typeof data !== 'object' || data === null || !('inputs' in data) || !('targets' in data)) {
    throw new NeuriteError('data', 'data must be { inputs, targets }');
  }
  const { rows, values: inputs } = prepareInputs(data.inputs, network.input, dtype);
  const { values, rowLength } = flatten(data.targets, 'targets');
  const width = sizeOf(network.output);
  const classes = network.output.at(-1) ?? 1;
  if (loss.targets === 'classes or values' && values.length === rows && width > 1 && rowLength !== width) {
    for (let i = 0; i < rows; i++) {
      const label = values[i] as number;
      if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
        throw new NeuriteError(
          'data',
          `targets: class ${String(label)} of row ${i} is not among 0 … ${classes - 1}: the network has ${classes} outputs`,
        );
      }
    }
    const targets = inDtype('int32', values);
    return { rows, inputs, targets, form: { inputs: dtypeOf(inputs) as DType, targets: 'classes' } };
  }
  if (values.length !== rows * width) {
    const alternative = loss.targets === 'classes or values' ? `${rows} class numbers or ` : '';
    throw new NeuriteError(
      'data',
      `${loss.type} takes ${alternative}targets of ${printShape([rows, ...network.output])}, but got ${values.length} numbers for ${rows} rows`,
    );
  }
  requireFinite(values, dtype, width, 'targets');
  const targets = inDtype(dtype, values);
  return { rows, inputs, targets, form: { inputs: dtypeOf(inputs) as DType, targets: 'values' } };
}

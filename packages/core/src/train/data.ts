// Examples as users have them, checked and brought into the form in which programs read them.
import { NeuriteError } from '../errors.ts';
import type { Port } from '../network/network.ts';
import type { Loss } from '../plugin/loss.ts';
import { printValue } from '../plugin/options.ts';
import { convertArray, type DType, dtypeOf, type NumberArray } from '../scalar/dtype.ts';
import { convert } from '../scalar/operations.ts';
import { printShape, type Shape, sizeOf } from '../scalar/shape.ts';

/** Numbers row by row: flat, or a list for each row. */
export type Numbers = NumberArray | Uint8ClampedArray | readonly number[] | readonly ArrayLike<number>[];

/** Numbers for each input or output of a network that has several, by name. */
export type NumbersByName = Readonly<Record<string, Numbers>>;

/**
 * Examples.
 * `inputs`: rows of the network's input shape. uint8 means 0 … 255 and is scaled to 0 … 1 inside the kernel that reads it.
 * `targets`: a class number for each row (where the loss takes classes), or values of the network's output shape.
 * `weights`: how much each row counts in the loss, from 0; the loss is then Σ weight · loss / Σ weight. Metrics count all
 * rows alike.
 * Both are by name where the network has several inputs or outputs.
 */
export interface Data {
  readonly inputs: Numbers | NumbersByName;
  readonly targets: Numbers | NumbersByName;
  readonly weights?: Numbers | undefined;
}

/** Checked examples. */
export interface Examples {
  readonly rows: number;
  /** For each input: uint8, or the dtype that is computed in. */
  readonly inputs: readonly NumberArray[];
  /** For each output. */
  readonly targets: readonly NumberArray[];
  readonly weights: NumberArray | undefined;
  readonly form: DataForm;
}

/** What programs must know of examples beside how many there are. */
export interface DataForm {
  readonly inputs: readonly DType[];
  readonly targets: readonly ('classes' | 'values')[];
  readonly weighted: boolean;
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

/**
 * Infinity and NaN stay in a sum, in which finite numbers hardly ever overflow: where they do, whoever asks looks at each.
 * Four sums at once, since every batch of a loop passes through here.
 */
export function allFinite(values: ArrayLike<number>): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const even = values.length - (values.length % 4);
  for (let i = 0; i < even; i += 4) {
    a += values[i] as number;
    b += values[i + 1] as number;
    c += values[i + 2] as number;
    d += values[i + 3] as number;
  }
  for (let i = even; i < values.length; i++) a += values[i] as number;
  return Number.isFinite(a + b + c + d);
}

/** `values` in `dtype`; the same array where it has that already. */
function inDtype(dtype: DType, values: ArrayLike<number>): NumberArray {
  if (dtypeOf(values) !== dtype) return convertArray(dtype, values);
  if (!(values instanceof Uint8ClampedArray)) return values as NumberArray;
  return new Uint8Array(values.buffer, values.byteOffset, values.length); // what a canvas gives
}

/** Numbers for each port: those that are there by name, or the only ones. */
function byPort(given: unknown, ports: readonly Port[], who: string): Numbers[] {
  const isNamed =
    typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);
  if (!isNamed && ports.length === 1) return [given as Numbers];
  const names = ports.map(({ name }) => name);
  const wanted = `${who} must be by name, { ${names.join(', ')} }`;
  if (!isNamed) throw new NeuriteError('data', `${wanted}, but got ${printValue(given)}`);
  const strange = Object.keys(given).find((name) => !names.includes(name));
  if (strange !== undefined) throw new NeuriteError('data', `${wanted}, but got "${strange}"`);
  return names.map((name) => {
    if (!Object.hasOwn(given, name)) throw new NeuriteError('data', `${wanted}, but got no "${name}"`);
    return (given as NumbersByName)[name] as Numbers;
  });
}

/** "inputs", or "inputs.image" where there are several. */
const nameOf = (what: string, ports: readonly Port[], i: number): string =>
  ports.length === 1 ? what : `${what}.${(ports[i] as Port).name}`;

interface Rows {
  readonly rows: number;
  readonly values: NumberArray;
}

/** Rows of `shape`: uint8 as it is, everything else in `dtype`. */
function prepareRows(numbers: Numbers, shape: Shape, dtype: DType, who: string): Rows {
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

/**
 * The rows of each input.
 *
 * @throws NeuriteError `data` where there are none, where they do not fit the shape, where inputs have different numbers
 * of rows, or where a number is not finite.
 */
export function prepareInputs(
  given: Numbers | NumbersByName,
  ports: readonly Port[],
  dtype: DType,
): { rows: number; inputs: NumberArray[] } {
  const all = byPort(given, ports, 'inputs').map((numbers, i) =>
    prepareRows(numbers, (ports[i] as Port).shape, dtype, nameOf('inputs', ports, i)),
  );
  const { rows } = all[0] as Rows;
  all.forEach((other, i) => {
    if (other.rows === rows) return;
    throw new NeuriteError(
      'data',
      `${nameOf('inputs', ports, i)} has ${other.rows} rows, but ${nameOf('inputs', ports, 0)} has ${rows}`,
    );
  });
  return { rows, inputs: all.map(({ values }) => values) };
}

/** The targets of an output: class numbers where the loss takes them and they look like it, else values. */
function prepareTargets(
  numbers: Numbers,
  { shape }: Port,
  loss: Loss,
  rows: number,
  dtype: DType,
  who: string,
): { values: NumberArray; kind: 'classes' | 'values' } {
  const { values, rowLength } = flatten(numbers, who);
  const width = sizeOf(shape);
  const classes = shape.at(-1) ?? 1;
  if (loss.targets === 'classes or values' && values.length === rows && width > 1 && rowLength !== width) {
    for (let i = 0; i < rows; i++) {
      const label = values[i] as number;
      if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
        throw new NeuriteError(
          'data',
          `${who}: class ${String(label)} of row ${i} is not among 0 … ${classes - 1}: the network has ${classes} outputs`,
        );
      }
    }
    return { values: inDtype('int32', values), kind: 'classes' };
  }
  if (values.length !== rows * width) {
    const alternative = loss.targets === 'classes or values' ? `${rows} class numbers or ` : '';
    throw new NeuriteError(
      'data',
      `${loss.type} takes ${alternative}${who} of ${printShape([rows, ...shape])}, but got ${values.length} numbers for ${rows} rows`,
    );
  }
  requireFinite(values, dtype, width, who);
  return { values: inDtype(dtype, values), kind: 'values' };
}

function prepareWeights(numbers: Numbers, rows: number, dtype: DType): NumberArray {
  const { values } = flatten(numbers, 'weights');
  if (values.length !== rows) {
    throw new NeuriteError(
      'data',
      `weights must be a number for each of ${rows} rows, but got ${values.length}`,
    );
  }
  requireFinite(values, dtype, 1, 'weights');
  for (let i = 0; i < rows; i++) {
    if ((values[i] as number) >= 0) continue;
    throw new NeuriteError('data', `weights: row ${i} is ${values[i]}: weights are numbers from 0`);
  }
  return inDtype(dtype, values);
}

/** @throws NeuriteError `data` that says which row is wrong and how. */
export function prepareData(
  data: Data,
  { inputs: inputPorts, outputs }: { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] },
  losses: readonly { readonly loss: Loss }[],
  dtype: DType,
): Examples {
  if (typeof data !== 'object' || data === null || !('inputs' in data) || !('targets' in data)) {
    throw new NeuriteError('data', 'data must be { inputs, targets }');
  }
  const { rows, inputs } = prepareInputs(data.inputs, inputPorts, dtype);
  const targets = byPort(data.targets, outputs, 'targets').map((numbers, i) =>
    prepareTargets(
      numbers,
      outputs[i] as Port,
      (losses[i] as { loss: Loss }).loss,
      rows,
      dtype,
      nameOf('targets', outputs, i),
    ),
  );
  const weights = data.weights === undefined ? undefined : prepareWeights(data.weights, rows, dtype);
  return {
    rows,
    inputs,
    targets: targets.map(({ values }) => values),
    weights,
    form: {
      inputs: inputs.map((values) => dtypeOf(values) as DType),
      targets: targets.map(({ kind }) => kind),
      weighted: weights !== undefined,
    },
  };
}

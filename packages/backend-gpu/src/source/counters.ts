// From a thread's coordinates to the counters of the kernel's loops.
import type { Geometry } from '../geometry.ts';
import { counter } from './names.ts';
import type { Writer } from './writer.ts';

/** Up to here, the error of a division on any device is too small to matter. */
const safeQuotient = 2 ** 20;

/** Writes `i0`, `i1` …: where in `shape` the element lies that this thread writes. */
export function writeCounters(
  writer: Writer,
  shape: readonly number[],
  { columns, rows }: Geometry,
  form: 'flat' | 'rows' | 'folded',
): void {
  const sizeFrom = (axis: number): number => shape.slice(axis).reduce((product, size) => product * size, 1);
  const row = form === 'folded' ? 'this.thread.z' : 'this.thread.y';
  if (rows === 1 || form === 'flat') {
    unravel(writer, 'this.thread.x', shape, 0);
    return;
  }
  const split = [...shape.keys(), shape.length].find((axis) => sizeFrom(axis) === columns);
  if (split === undefined) {
    unravel(writer, writer.name(`${row} * ${columns} + this.thread.x`), shape, 0);
    return;
  }
  unravel(writer, row, shape.slice(0, split), 0);
  unravel(writer, 'this.thread.x', shape.slice(split), split);
}

/** Takes a position apart, from the last axis to the first. */
function unravel(writer: Writer, position: string, sizes: readonly number[], first: number): void {
  let rest = position;
  for (let axis = sizes.length - 1; axis > 0; axis--) {
    const size = sizes[axis] as number;
    const count = sizes.slice(0, axis + 1).reduce((product, each) => product * each, 1);
    const [outer, inner] = divide(writer, rest, size, count);
    writer.line(`const ${counter(first + axis)} = ${inner};`);
    rest = outer;
  }
  if (sizes.length > 0) writer.line(`const ${counter(first)} = ${rest};`);
}

/** Quotient and remainder of a whole number below `count`. Devices divide with an error: half a unit keeps clear of it. */
function divide(writer: Writer, value: string, by: number, count: number): [quotient: string, rest: string] {
  const guess = `Math.floor((${value} + 0.5) / ${by})`;
  if (count <= safeQuotient) {
    const quotient = writer.name(guess, 'q');
    return [quotient, writer.name(`${value} - ${quotient} * ${by}`, 'r')];
  }
  const quotient = writer.variable(guess, 'q');
  const rest = writer.variable(`${value} - ${quotient} * ${by}`, 'r');
  writer.block(`if (${rest} < 0)`, () => {
    writer.line(`${quotient} = ${quotient} - 1;`);
    writer.line(`${rest} = ${rest} + ${by};`);
  });
  writer.block(`if (${rest} >= ${by})`, () => {
    writer.line(`${quotient} = ${quotient} + 1;`);
    writer.line(`${rest} = ${rest} - ${by};`);
  });
  return [quotient, rest];
}

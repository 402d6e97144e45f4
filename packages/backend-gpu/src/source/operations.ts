// What each scalar operation looks like in a kernel: forms that are right on every device. Tested against core's
// `scalarOperations`.
import type { DType, ScalarOperation } from '@neurite/core/program';
import { infinity, notANumber } from './names.ts';
import type { Writer } from './writer.ts';

/** Prints an operation on named operands; may write lines before. */
type Form = (writer: Writer, a: string, b: string, c: string) => string;

const comparison =
  (sign: string): Form =>
  (_, a, b) =>
    `${a} ${sign} ${b} ? 1 : 0`;
/** Devices have extremes that drop NaN. */
const extreme =
  (sign: string): Form =>
  (_, a, b) =>
    `(${a} ${sign} ${b} || !(${a} === ${a})) ? ${a} : ${b}`;

/** Some devices make a number of NaN, and a training that went wrong would go unnoticed. */
function keepNaN(form: Form): Form {
  return (writer, a, b, c) => `${a} === ${a} ? ${form(writer, a, b, c)} : ${a}`;
}

export const forms: Readonly<Record<Exclude<ScalarOperation, 'cast'>, Form>> = {
  add: (_, a, b) => `${a} + ${b}`,
  sub: (_, a, b) => `${a} - ${b}`,
  mul: (_, a, b) => `${a} * ${b}`,
  div: (_, a, b) => `${a} / ${b}`,
  pow,
  maximum: extreme('>'),
  minimum: extreme('<'),
  neg: (writer, a) => `${a} * ${writer.name('-1', 'c')}`,
  square: (_, a) => `${a} * ${a}`,
  sqrt: (_, a) => `${a} >= 0 ? Math.sqrt(${a}) : ${notANumber}`,
  exp: keepNaN((_, a) => `Math.exp(${a})`),
  log,
  sin: (writer, a) => trigonometric(writer, a, 0),
  cos: (writer, a) => trigonometric(writer, a, 1),
  // Math.tanh is NaN for large numbers on many devices.
  tanh: keepNaN((_, a) => `1 - 2 / (Math.exp(2 * ${a}) + 1)`),
  sigmoid: keepNaN((_, a) => `1 / (1 + Math.exp(0 - ${a}))`),
  abs: (_, a) => `Math.abs(${a})`,
  sign: (writer, a) => `${a} > 0 ? 1 : (${a} < 0 ? ${writer.name('-1', 'c')} : ${a})`,
  floor: (_, a) => `Math.floor(${a})`,
  reciprocal: (_, a) => `1 / ${a}`,
  equal: comparison('==='),
  notEqual: (_, a, b) => `${a} === ${b} ? 0 : 1`, // devices say of NaN that it is not unequal
  less: comparison('<'),
  lessEqual: comparison('<='),
  greater: comparison('>'),
  greaterEqual: comparison('>='),
  select: (_, a, b, c) => `${a} === 0 ? ${c} : ${b}`,
};

/** Devices know powers of positive numbers. */
function pow(writer: Writer, a: string, b: string): string {
  const size = writer.name(`Math.abs(${a})`);
  const positive = writer.name(`Math.pow(${size}, ${b})`);
  const odd = writer.name(`${b} - 2 * Math.floor(${b} * 0.5)`);
  const signed = writer.name(`${odd} === 1 ? 0 - ${positive} : ${positive}`);
  const negative = writer.name(`${b} === Math.floor(${b}) ? ${signed} : ${notANumber}`);
  const ofZero = writer.name(`${b} > 0 ? 0 : ${infinity}`);
  const nonZero = writer.name(`${a} < 0 ? ${negative} : ${positive}`);
  const base = writer.name(`${size} === 0 ? ${ofZero} : ${nonZero}`);
  const known = writer.name(`(${a} === ${a} && ${b} === ${b}) ? ${base} : ${notANumber}`);
  return `${b} === 0 ? 1 : ${known}`;
}

/** Devices may give any number as the logarithm of a negative one. */
function log(writer: Writer, a: string): string {
  const atZero = writer.name(`${a} === 0 ? 0 - ${infinity} : Math.log(${a})`);
  return `${a} >= 0 ? ${atZero} : ${notANumber}`;
}

/**
 * sin(x + quarter π/2), by polynomials after Cephes (Moshier, 1984–2000): the devices' own are off by up to 10⁻⁴. x = n π/2 + r,
 * with π/2 in three parts, the first of which have few digits: n times them is exact. Beyond some 10⁵ that holds no more, and
 * the result is a number between −1 and 1, no more.
 */
function trigonometric(writer: Writer, x: string, quarter: 0 | 1): string {
  const n = writer.name(`Math.floor(${x} * ${2 / Math.PI} + 0.5)`);
  const rest = writer.name(
    `${x} - ${n} * 1.5703125 - ${n} * 4.837512969970703125e-4 - ${n} * 7.54978995489188216e-8`,
  );
  const atMost = writer.name(`${rest} > 0.8 ? 0.8 : ${rest}`);
  const r = writer.name(`${atMost} < 0 - 0.8 ? 0 - 0.8 : ${atMost}`);
  const z = writer.name(`${r} * ${r}`);
  const sine = writer.name(
    `${r} - ${r} * ${z} * (1.6666654611e-1 - ${z} * (8.3321608736e-3 - ${z} * 1.9515295891e-4))`,
  );
  const cosine = writer.name(
    `1 - 0.5 * ${z} + ${z} * ${z} * (4.166664568298827e-2 - ${z} * (1.388731625493765e-3 - ${z} * 2.443315711809948e-5))`,
  );
  const turned = writer.name(`${n} + ${quarter}`);
  const quadrant = writer.name(`${turned} - 4 * Math.floor(${turned} * 0.25)`);
  const size = writer.name(`(${quadrant} === 1 || ${quadrant} === 3) ? ${cosine} : ${sine}`);
  return `${quadrant} < 2 ? ${size} : 0 - ${size}`;
}

/** `value`, a number of dtype `from`, as one of dtype `to`. */
export function writeCast(writer: Writer, value: string, from: DType, to: DType): string {
  if (to === 'float32' || from === to || from === 'uint8') return value;
  const whole =
    from === 'float32'
      ? writer.name(`Math.abs(${value}) < 4294967296 ? ${writer.name(truncated(value))} : 0`)
      : value;
  return to === 'uint8' ? writer.name(`${whole} - Math.floor(${whole} * ${1 / 256}) * 256`) : whole;
}

const truncated = (value: string): string => `${value} < 0 ? Math.ceil(${value}) : Math.floor(${value})`;

// What each scalar operation looks like in JavaScript. Tested against core's `scalarOperations`.
import { convert, type DType, type ScalarOperation } from '@neurite/core/program';

export interface Form {
  readonly print: (a: string, b: string) => string;
  /** The same for results of float32, if there is something faster that is as good for them. */
  readonly printSingle?: (a: string) => string;
  /** Whether `print` repeats its operands, so that they need names. */
  readonly repeats?: true;
  /** Whether the result of integers is an integer of the same size. */
  readonly closed?: true;
  /** What `print` gives: a number; a condition; a condition under which the first operand is the result, else the second. */
  readonly gives?: 'condition' | 'choice';
  /** Whether it takes longer than a wrongly predicted branch, or nearly so. */
  readonly costly?: true;
}

const comparison = (sign: string): Form => ({ print: (a, b) => `${a} ${sign} ${b}`, gives: 'condition' });
const call = (name: string): Form => ({ print: (a) => `Math.${name}(${a})` });
const costlyCall = (name: string): Form => ({ ...call(name), costly: true });
// As in `scalarOperations`: the first operand if it is NaN, the second if that is.
const extreme = (sign: string): Form => ({
  print: (a, b) => `(${a} ${sign} ${b}) | (${a} !== ${a})`,
  gives: 'choice',
  repeats: true,
  closed: true,
});

const forms: Readonly<Record<Exclude<ScalarOperation, 'select' | 'cast'>, Form>> = {
  add: { print: (a, b) => `(${a} + ${b})` },
  sub: { print: (a, b) => `(${a} - ${b})` },
  mul: { print: (a, b) => `(${a} * ${b})` },
  div: { print: (a, b) => `(${a} / ${b})` },
  pow: { print: (a, b) => `(${a} ** ${b})`, costly: true },
  maximum: extreme('>'),
  minimum: extreme('<'),
  neg: { print: (a) => `(-${a})` },
  square: { print: (a) => `(${a} * ${a})`, repeats: true },
  sqrt: call('sqrt'),
  exp: { ...costlyCall('exp'), printSingle: (a) => `exp(${a})` },
  log: costlyCall('log'),
  sin: costlyCall('sin'),
  cos: costlyCall('cos'),
  tanh: { ...costlyCall('tanh'), printSingle: (a) => `tanh(${a})` },
  sigmoid: {
    print: (a) => `(1 / (1 + Math.exp(-${a})))`,
    printSingle: (a) => `(1 / (1 + exp(-${a})))`,
    costly: true,
  },
  abs: call('abs'),
  sign: call('sign'),
  floor: call('floor'),
  reciprocal: { print: (a) => `(1 / ${a})` },
  equal: comparison('==='),
  notEqual: comparison('!=='),
  less: comparison('<'),
  lessEqual: comparison('<='),
  greater: comparison('>'),
  greaterEqual: comparison('>='),
};

/** The form of an operation that is no choice by a condition and no conversion. */
export const formOf = (operation: ScalarOperation): Form | undefined =>
  operation === 'select' || operation === 'cast' ? undefined : forms[operation];

/** A number as a literal that can stand anywhere in a formula. */
export function printNumber(value: number, dtype: DType): string {
  const number = convert(value, dtype);
  return number < 0 || Object.is(number, -0) ? `(-${-number})` : `${number}`;
}

/** `text`, a number of dtype `from` or any number at all, as a number of dtype `to`. */
export function printConversion(text: string, from: DType | 'any', to: DType): string {
  if (from === to) return text;
  switch (to) {
    case 'int32':
      return from === 'uint8' ? text : `(${text} | 0)`;
    case 'uint8':
      return `(${text} & 255)`;
    case 'float32':
      return from === 'float64' ? `Math.fround(${text})` : text;
    case 'float64':
      return text;
    default:
      return to satisfies never;
  }
}

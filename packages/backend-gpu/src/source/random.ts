// The counter-based generator (core/src/scalar/generator.ts) in floats: products stay below 2²⁴, and every divisor is a power
// of two, so that each mode gives the same bits.
import { generatorTable } from '@neurite/core/program';
import type { Writer } from './writer.ts';

const { half, divisor, warmUp, additions } = generatorTable;

/** x mod 4096. A product with a power of two is exact, which a quotient need not be. */
const remainder = (writer: Writer, x: string): string =>
  writer.name(`${x} - Math.floor(${x} * ${1 / half}) * ${half}`, 'g');

/** ⌊x (x + 1) / 64⌋. */
const bend = (x: string): string => `Math.floor(${x} * (${x} + 1) * ${1 / divisor})`;

/** The round keys of a stream at `step`; their names. */
export function writeRoundKeys(
  writer: Writer,
  [high, low]: readonly [high: number, low: number],
  step: string,
): string[] {
  const stepHigh = writer.name(`Math.floor(${step} * ${1 / half})`, 'g');
  const register = [
    `${Math.floor(high / half)}`,
    `${high % half}`,
    `${Math.floor(low / half)}`,
    `${low % half}`,
    stepHigh,
    writer.name(`${step} - ${stepHigh} * ${half}`, 'g'),
  ];
  const keys: string[] = [];
  additions.forEach((addition, n) => {
    const [oldest, newest] = [register.shift() as string, register.at(-1) as string];
    const sum = writer.name(`${oldest} + ${addition} + ${bend(newest)}`, 'g');
    const next = remainder(writer, sum);
    register.push(next);
    if (n >= warmUp && (n - warmUp) % 2 === 1) keys.push(next);
  });
  return keys;
}

/** The random number of `element`, given the round keys; its name. */
export function writeDraw(writer: Writer, keys: readonly string[], element: string): string {
  const high = writer.name(`Math.floor(${element} * ${1 / half})`, 'g');
  const low = writer.name(`${element} - ${high} * ${half}`, 'g');
  let [left, right] = [high, low];
  for (const key of keys) {
    const sum = writer.name(`${left} + ${key} + ${bend(right)}`, 'g');
    [left, right] = [right, remainder(writer, sum)];
  }
  const first = remainder(writer, writer.name(`${left} + ${high}`, 'g'));
  const second = remainder(writer, writer.name(`${right} + ${low}`, 'g'));
  return writer.name(`${first} * ${half} + ${second}`);
}

// Sums, maxima and places of maxima.
import type { ReduceKernel } from '@neurite/core/program';
import { Formulas, type Surroundings } from './formulas.ts';
import { counter, infinity } from './names.ts';
import type { Writer } from './writer.ts';

/** Prints a value at counters of the axes that are reduced over. */
type Term = (counters: readonly string[]) => string;

/** Writes the loops; the name of the result. */
export function writeReduction(kernel: ReduceKernel, surroundings: Surroundings): string {
  const results = kernel.shape.map((_, axis) => counter(axis));
  const term: Term = (over) => new Formulas(surroundings, [...results, ...over]).value(kernel.input);
  return kernel.reduction === 'sum'
    ? writeSum(surroundings.writer, kernel.over, term)
    : writeExtreme(surroundings.writer, kernel, term);
}

/** Terms that are added one after the other: longer sums are sums of sums, or float32 would lose the small digits. */
const chunk = 32;

function writeSum(writer: Writer, [size, ...rest]: readonly number[], term: Term): string {
  if (size === undefined) return term([]);
  return along(writer, size, (k) => writeSum(writer, rest, (counters) => term([k, ...counters])));
}

/** The sum of `term` over a counter below `size`. */
function along(writer: Writer, size: number, term: (counter: string) => string): string {
  if (size > chunk) {
    return along(writer, Math.ceil(size / chunk), (block) => {
      const total = writer.variable('0');
      writer.loop(chunk, (k) => {
        const n = writer.name(`${block} * ${chunk} + ${k}`, 'n');
        const add = (): void => writer.line(`${total} += ${term(n)};`);
        if (size % chunk === 0) add();
        else writer.block(`if (${n} < ${size})`, add);
      });
      return total;
    });
  }
  const total = writer.variable('0');
  writer.loop(size, (k) => writer.line(`${total} += ${term(k)};`));
  return total;
}

function writeExtreme(writer: Writer, { over, reduction }: ReduceKernel, term: Term): string {
  const best = writer.variable(`0 - ${infinity}`, 'best');
  const place = reduction === 'argmax' ? writer.variable('0', 'place') : undefined;
  const loops = (axis: number, counters: readonly string[]): void => {
    if (axis < over.length) {
      writer.loop(over[axis] as number, (k) => loops(axis + 1, [...counters, k]));
      return;
    }
    const candidate = term(counters);
    // NaN wins, and stays; of equals the first counts.
    writer.block(`if (${candidate} > ${best} || !(${candidate} === ${candidate}))`, () => {
      writer.line(`${best} = ${candidate};`);
      if (place) writer.line(`${place} = ${counters[0]};`);
    });
  };
  loops(0, []);
  return place ?? best;
}

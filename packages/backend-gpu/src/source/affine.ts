// Sums of counters as text.
import type { Affine } from '@neurite/core/program';

/** `offset + Σ strides · counters`, without two signs in a row. */
export function printIndex({ offset, strides }: Affine, counters: readonly string[]): string {
  const terms = strides.flatMap((stride, axis) => (stride === 0 ? [] : [[stride, counters[axis]] as const]));
  const sum = terms.reduce((text, [stride, name]) => {
    const factor = Math.abs(stride) === 1 ? name : `${Math.abs(stride)} * ${name}`;
    if (stride < 0) return `${text || '0'} - ${factor}`;
    return text ? `${text} + ${factor}` : `${factor}`;
  }, '');
  if (!sum) return offset < 0 ? `0 - ${-offset}` : `${offset}`;
  return offset === 0 ? sum : `${sum} ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`;
}

// What peers that train example by example want: plain arrays.
import type { Problem } from '../rows.ts';

export interface Example {
  readonly input: number[];
  /** A one at the class, zeros elsewhere. */
  readonly output: number[];
}

export function examplesOf({ sizes, batch, inputs, labels }: Problem): Example[] {
  const [width, classes] = [sizes[0] as number, sizes.at(-1) as number];
  return Array.from({ length: batch }, (_, example) => ({
    input: Array.from(inputs.subarray(example * width, (example + 1) * width)),
    output: Array.from({ length: classes }, (_, i) => (i === labels[example] ? 1 : 0)),
  }));
}

// Loops within loops over the axes of a kernel.
import { type Block, block, counterName, printBlock } from './block.ts';

export interface Nest {
  readonly sizes: readonly number[];
  /** Number of the first axis. */
  readonly first: number;
  /** What is around all loops. */
  readonly outer: Block;
  /** The body of each loop. */
  readonly bodies: readonly Block[];
  /** The body of the innermost loop. */
  readonly inner: Block;
}

/** Loops over axes `first`, `first` + 1 … of `sizes` in `outer`. */
export function nest(sizes: readonly number[], outer: Block = block(), first = 0): Nest {
  const bodies: Block[] = [];
  for (const i of sizes.keys()) bodies.push(block(bodies.at(-1) ?? outer, { axes: [first + i] }));
  return { sizes, first, outer, bodies, inner: bodies.at(-1) ?? outer };
}

/** The loops around `body`. What else belongs into `outer` is not printed. */
export const printLoops = ({ sizes, first, bodies }: Nest, body: string): string =>
  sizes.reduceRight((text, size, i) => {
    const counter = counterName(first + i);
    return `for (let ${counter} = 0; ${counter} < ${size}; ${counter}++) {\n${printBlock(bodies[i] as Block, text)}\n}`;
  }, body);

/** The loops around `body`, after what is computed before them. */
export const printNest = (loops: Nest, body: string): string =>
  printBlock(loops.outer, printLoops(loops, body));

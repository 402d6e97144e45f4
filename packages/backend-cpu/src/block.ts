// Where in a kernel's loops a value is computed. A block is the body of a loop, a branch, or the whole kernel; lines
// that formulas need once for each time around are collected there.

export interface Block {
  readonly parent: Block | undefined;
  readonly depth: number;
  /** Axes whose counters are known from here on. */
  readonly axes: readonly number[];
  /** Whether the kernel's sum, maximum, product or row is known from here on only. */
  readonly accumulates: boolean;
  /** Whether this is the branch of a choice, which values do not leave. */
  readonly branch: boolean;
  readonly lines: string[];
}

export function block(
  parent?: Block,
  {
    axes = [],
    accumulates = false,
    branch = false,
  }: { axes?: readonly number[]; accumulates?: boolean; branch?: boolean } = {},
): Block {
  return { parent, depth: parent ? parent.depth + 1 : 0, axes, accumulates, branch, lines: [] };
}

/** The innermost block around both. */
export function commonBlock(a: Block, b: Block): Block {
  let [left, right] = [a, b];
  while (left !== right) {
    if (left.depth >= right.depth) left = left.parent as Block;
    else right = right.parent as Block;
  }
  return left;
}

/** The block around `from` that brings the counter of `axis`. */
export function blockOfAxis(from: Block, axis: number): Block {
  let current = from;
  while (!current.axes.includes(axis) && current.parent) current = current.parent;
  return current;
}

/** A block's lines, then `body`. */
export const printBlock = ({ lines }: Block, body: string): string => [...lines, body].join('\n');

/** The counter of the loop over an axis. */
export const counterName = (axis: number): string => 'ijklmn'[axis] ?? `i${axis}`;

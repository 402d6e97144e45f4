// Which elements a use can touch: what a kernel overwrites must be read at its turn, not before the loops.
import type { Kernel, Use } from '@neurite/core/program';

/** Whether the kernel may write an element that its use `use` reads. Buffers that live at once share no memory. */
export function overwrites(kernel: Kernel, use: number): boolean {
  const read = kernel.uses[use] as Use;
  const [low, high] = reach(kernel, read);
  return kernel.uses.some((other) => {
    if (other.access === 'read' || other.buffer !== read.buffer) return false;
    const [first, last] = reach(kernel, other);
    return first <= high && low <= last;
  });
}

/** The lowest and highest address of a use within its kernel's loops. */
function reach(kernel: Kernel, { view }: Use): [low: number, high: number] {
  const sizes = kernel.kind === 'reduce' ? [...kernel.shape, ...kernel.over] : kernel.shape;
  let [low, high] = [view.offset, view.offset];
  view.strides.forEach((stride, axis) => {
    const far = stride * ((sizes[axis] ?? 1) - 1);
    if (far < 0) low += far;
    else high += far;
  });
  return [low, high];
}

// Walks over graphs.
import type { Tensor } from './tensor.ts';

/** Everything that `roots` are made of, each after its sources, once. */
export function topologicalOrder(roots: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  // An explicit stack: deep networks must not overflow the call stack.
  const stack = [...roots].reverse().map((tensor) => ({ tensor, next: 0 }));
  while (stack.length > 0) {
    const top = stack[stack.length - 1] as (typeof stack)[number];
    if (seen.has(top.tensor) && top.next === 0) {
      stack.pop();
      continue;
    }
    seen.add(top.tensor);
    const source = top.tensor.sources[top.next++];
    if (source) {
      if (!seen.has(source)) stack.push({ tensor: source, next: 0 });
    } else {
      order.push(top.tensor);
      stack.pop();
    }
  }
  return order;
}

// Provenance: which layer or plugin made a tensor. Labels travel to kernels, profiles and error messages.
import type { Tensor } from './tensor.ts';

export type Labels = Map<Tensor, string>;

/** Gives `label` to `root` and to all that it was made of, up to tensors that have a label already. */
export function label(labels: Labels, root: Tensor, name: string): void {
  const pending = [root];
  for (let tensor = pending.pop(); tensor; tensor = pending.pop()) {
    if (labels.has(tensor)) continue;
    labels.set(tensor, name);
    pending.push(...tensor.sources);
  }
}

// Another data set, and whatever must go along: how noisy it is, and a loss for classes or for values.
import { setNamed } from './sets.ts';
import type { OwnPoint, RunSpec, Task } from './spec.ts';

/** Points that somebody brought along, with what their last number is. */
export function ownSet(spec: RunSpec, points: readonly OwnPoint[], task: Task): Partial<RunSpec> {
  const data = { ...spec.data, set: 'own', points, removed: [], task };
  return { data, ...lossFor(spec, task) };
}

/** The set of that name as it is usually shown. */
export function otherSet(spec: RunSpec, name: string): Partial<RunSpec> {
  const set = setNamed(name);
  if (!set) return {};
  const { task: _, ...kept } = spec.data;
  const data = {
    ...kept,
    set: name,
    noise: set.noise,
    examples: set.examples ?? spec.data.examples,
    points: [],
    removed: [],
  };
  return { data, ...lossFor(spec, set.task) };
}

/** The usual loss of a task, where the task is another one than before. */
function lossFor(spec: RunSpec, task: Task): Partial<RunSpec> {
  const before = setNamed(spec.data.set)?.task ?? spec.data.task ?? 'classes';
  if (before === task) return {};
  return { loss: { type: task === 'classes' ? 'softmaxCrossEntropy' : 'meanSquaredError' } };
}

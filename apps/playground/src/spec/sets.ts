// The data sets that can be chosen: those of @neurite/datasets, with the noise that each is usually shown with.
import {
  bumpCurve,
  circle,
  gaussianClouds,
  hillsSurface,
  moons,
  planeSurface,
  randomLabels,
  simple,
  sineCurve,
  spiral,
  stepCurve,
  xor,
} from '@neurite/datasets';
import type { DataSpec, OwnPoint, Task } from './spec.ts';

type Asked = Pick<DataSpec, 'examples' | 'noise' | 'seed'>;

/** What makers of sets give. */
interface Made {
  readonly inputs: Float32Array;
  readonly targets: Int32Array | Float32Array;
}

export interface SetEntry {
  readonly name: string;
  readonly title: string;
  readonly task: Task;
  readonly columns: number;
  /** To begin with, and at most. */
  readonly noise: number;
  readonly maximalNoise: number;
  /** How many points; none where their number is what the set is. */
  readonly examples: number | undefined;
  rows(asked: Asked): readonly OwnPoint[];
}

type Traits = Partial<Pick<SetEntry, 'noise' | 'maximalNoise' | 'examples' | 'task' | 'columns'>>;

function entry(name: string, title: string, make: (asked: Asked) => Made, traits: Traits): SetEntry {
  const { task = 'classes', columns = 2, noise = 0, maximalNoise = 0.5 } = traits;
  const examples = 'examples' in traits ? traits.examples : 200;
  return {
    name,
    title,
    task,
    columns,
    noise,
    maximalNoise,
    examples,
    rows: ({ examples: count, noise: amount, seed }) => {
      const { inputs, targets } = make({ examples: count, noise: amount, seed });
      return Array.from(targets, (target, i) => [...inputs.subarray(i * columns, (i + 1) * columns), target]);
    },
  };
}

const line = { task: 'values', columns: 1, examples: 100, noise: 0.1 } as const;
const plane = { task: 'values', columns: 2, examples: 300 } as const;

export const sets: readonly SetEntry[] = [
  entry('simple', 'Simple', ({ noise, seed }) => simple({ noise, seed }), {
    examples: undefined,
    maximalNoise: 1,
  }),
  entry('circle', 'Circle', circle, {}),
  entry('spiral', 'Spiral', spiral, { noise: 0.02, maximalNoise: 0.2 }),
  entry('randomLabels', 'Random', randomLabels, { examples: 40 }),
  entry('moons', 'Moons', moons, { noise: 0.1 }),
  entry('xor', 'XOR', xor, { noise: 0.15 }),
  entry('gaussianClouds', 'Clouds', gaussianClouds, { noise: 0.25, maximalNoise: 1 }),
  entry('sineCurve', 'Sine', sineCurve, line),
  entry('stepCurve', 'Step', stepCurve, line),
  entry('bumpCurve', 'Bump', bumpCurve, line),
  entry('planeSurface', 'Plane', planeSurface, plane),
  entry('hillsSurface', 'Hills', hillsSurface, plane),
];

export const setNamed = (name: string): SetEntry | undefined => sets.find((set) => set.name === name);

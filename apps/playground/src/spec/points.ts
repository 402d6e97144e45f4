// From the description of the data to the points themselves, those of the training and those kept for the test.
import { generatorKey } from '@neurite/core';
import { encrypt, roundKeys } from '@neurite/core/program';
import { setNamed } from './sets.ts';
import type { DataSpec, OwnPoint, Task } from './spec.ts';

export interface Points {
  readonly task: Task;
  /** Inputs of a point: 1 or 2. */
  readonly columns: number;
  /** [points, columns], row-major. */
  readonly inputs: Float32Array;
  /** The class or the value of each point. */
  readonly targets: Float32Array;
  /** How many classes there are; 1 for values. */
  readonly classes: number;
  /** What number each point of the set has, to take it out by; those that were added are counted from −1 downwards. */
  readonly origins: Int32Array;
  /** Whether a point is kept for the test. */
  readonly isTest: Uint8Array;
}

/** All points: those of the set without the ones taken out, then those that were added. */
export function pointsOf(data: DataSpec): Points {
  const set = setNamed(data.set);
  const { task, columns, rows } = set
    ? { task: set.task, columns: set.columns, rows: set.rows(data) }
    : ownRows(data);
  const removed = new Set(data.removed);
  const kept = rows
    .map((row, i) => ({ row, origin: i }))
    .filter(({ row, origin }) => row.length === columns + 1 && !removed.has(origin));
  const added = set
    ? data.points.map((row, i) => ({ row, origin: -1 - i })).filter(({ row }) => row.length === columns + 1)
    : [];
  const all = [...kept, ...added];
  const targets = Float32Array.from(all, ({ row }) => row[columns] as number);
  return {
    task,
    columns,
    inputs: Float32Array.from(all.flatMap(({ row }) => row.slice(0, columns))),
    targets,
    classes:
      task === 'values' ? 1 : Math.max(2, 1 + targets.reduce((most, label) => Math.max(most, label), 0)),
    origins: Int32Array.from(all, ({ origin }) => origin),
    isTest: testMask(
      all.map(({ origin }) => origin),
      data,
    ),
  };
}

/** Points of one's own are the set itself: they are taken out by their place in the list. */
const ownRows = ({ points, task = 'classes' }: DataSpec) => ({
  task,
  columns: (points[0]?.length ?? 3) - 1,
  rows: points,
});

/** Each point draws a number of its own, so that adding or removing one does not move others to the other side. */
function testMask(origins: readonly number[], { seed, testShare }: DataSpec): Uint8Array {
  const keys = roundKeys(...generatorKey(seed, 'split'), 0);
  return Uint8Array.from(origins, (origin) => {
    const drawn = encrypt(keys, origin >= 0 ? origin : 2 ** 23 - origin);
    return Number(drawn / 2 ** 24 < testShare);
  });
}

/** The points of one side. */
export function side(points: Points, test: boolean): Points {
  const chosen = [...points.targets.keys()].filter((i) => Boolean(points.isTest[i]) === test);
  const { columns } = points;
  return {
    ...points,
    inputs: Float32Array.from(
      chosen.flatMap((i) => [...points.inputs.subarray(i * columns, (i + 1) * columns)]),
    ),
    targets: Float32Array.from(chosen, (i) => points.targets[i] as number),
    origins: Int32Array.from(chosen, (i) => points.origins[i] as number),
    isTest: Uint8Array.from(chosen, () => Number(test)),
  };
}

/** What is drawn: the same room along both axes, with all points inside. */
export interface Domain {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

/** The domain of points of the plane, or of points (x, value). Its borders are round, so that small changes do not move it. */
export function domainOf({ columns, inputs, targets }: Points): Domain {
  const pick = (axis: number): number[] =>
    columns === 1 ? [...(axis === 0 ? inputs : targets)] : [...inputs].filter((_, i) => i % columns === axis);
  const [x, y] = [bounds(pick(0)), bounds(pick(1))];
  if (columns === 1) return { x: padded(x, 0.05), y: padded(y, 0.2) };
  const reach = Math.max(x[1] - x[0], y[1] - y[0]) * 0.62;
  const around = ([low, high]: readonly [number, number]): [number, number] => {
    const middle = roundTo((low + high) / 2, 0.25);
    const half = Math.ceil(reach / 0.25) * 0.25;
    return [middle - half, middle + half];
  };
  return { x: around(x), y: around(y) };
}

function bounds(values: readonly number[]): [number, number] {
  if (values.length === 0) return [-1, 1];
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return low === high ? [low - 1, high + 1] : [low, high];
}

const padded = ([low, high]: readonly [number, number], part: number): [number, number] => {
  const room = (high - low) * part;
  return [roundTo(low - room, 0.1), roundTo(high + room, 0.1)];
};

const roundTo = (value: number, unit: number): number => Math.round(value / unit) * unit;

/** A point as a row of numbers. */
export const rowOf = ({ columns, inputs, targets }: Points, i: number): OwnPoint => [
  ...inputs.subarray(i * columns, (i + 1) * columns),
  targets[i] as number,
];

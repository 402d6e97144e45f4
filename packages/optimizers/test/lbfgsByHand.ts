// L-BFGS once more, in plain numbers and written independently, with H as a matrix: what one step must come to.
import type { Snapshot } from '@neurite/core';
import type { Found } from './told.ts';

type Vector = readonly number[];

/** A step that was made, and how the gradient changed along it. */
export interface Pair {
  readonly step: Vector;
  readonly change: Vector;
}

/** A training with L-BFGS at one moment: all that its next step depends on, beside what it finds. */
export interface Moment {
  /** Where the parameters are: the trial. */
  readonly at: Vector;
  readonly base: Vector;
  readonly loss: number;
  readonly gradient: Vector;
  readonly direction: Vector;
  readonly length: number;
  readonly low: number;
  readonly high: number;
  readonly trials: number;
  /** The newest last. */
  readonly pairs: readonly Pair[];
}

export type Outcome = 'new base' | 'longer' | 'shorter' | 'begun anew';

export interface Settings {
  readonly learningRate?: number;
  readonly history?: number;
  readonly isFirst?: boolean;
  /** How much of a loss may be rounding. */
  readonly rounding?: number;
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const minus = (a: Vector, b: Vector): number[] => a.map((x, i) => x - b[i]!);
const norm = (a: Vector): number => Math.sqrt(dot(a, a));

/** From γ I on, H ← (I − s yᵀ / sᵀy) H (I − y sᵀ / sᵀy) + s sᵀ / sᵀy. Nocedal and Wright, 2006, formula 7.16. */
function inverseHessian(pairs: readonly Pair[], size: number): number[][] {
  const newest = pairs.at(-1);
  const scale = newest ? dot(newest.step, newest.change) / dot(newest.change, newest.change) : 1;
  const first = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? scale : 0)),
  );
  return pairs.reduce((h, { step: s, change: y }) => {
    const product = dot(s, y);
    const hy = h.map((row) => dot(row, y));
    const yhy = dot(y, hy);
    return h.map((row, i) =>
      row.map(
        (x, j) =>
          x - (s[i]! * hy[j]! + hy[i]! * s[j]!) / product + (s[i]! * s[j]! * (yhy / product + 1)) / product,
      ),
    );
  }, first);
}

/** At the start of a line. */
function lineFrom(
  { base, loss, gradient, pairs }: Pick<Moment, 'base' | 'loss' | 'gradient' | 'pairs'>,
  learningRate: number,
): Moment {
  const direction = inverseHessian(pairs, base.length).map((row) => -dot(row, gradient));
  const slopes = gradient.reduce((sum, g) => sum + Math.abs(g), 0);
  const length = learningRate * (pairs.length > 0 ? 1 : Math.min(1, 1 / slopes));
  return trialOf({ base, loss, gradient, pairs, direction, length, low: 0, high: 0, trials: 1 });
}

const trialOf = (line: Omit<Moment, 'at'>): Moment => ({
  ...line,
  at: line.base.map((x, i) => x + line.length * line.direction[i]!),
});

/** What becomes of `before` where it finds that. */
export function nextByHand(
  before: Moment,
  { loss, gradient: found, isLost = false }: Found,
  { learningRate = 1, history = 10, isFirst = false, rounding = 1e-14 }: Settings = {},
): { outcome: Outcome; after: Moment } {
  const gradient = found.map((g) => (isLost ? g / 0 : g));
  const way = minus(before.at, before.base);
  const [promised, slope] = [dot(before.gradient, way), dot(gradient, way)];
  const isWolfe = loss <= before.loss + 1e-4 * promised;
  const isApproximate =
    loss <= before.loss + rounding * Math.abs(before.loss) && slope <= (2 * 1e-4 - 1) * promised;
  const isLow = !isLost && promised <= 0 && (isWolfe || isApproximate);
  const isTired = before.trials >= 25;

  if (isFirst || (isLow && (slope >= 0.9 * promised || isTired))) {
    const change = minus(gradient, before.gradient);
    const isBent = dot(way, change) > Math.max(norm(way) * norm(change) * 1e-10, 1e-30);
    const pairs =
      isBent && !isFirst ? [...before.pairs, { step: way, change }].slice(-history) : before.pairs;
    return { outcome: 'new base', after: lineFrom({ base: before.at, loss, gradient, pairs }, learningRate) };
  }
  if (isTired) return { outcome: 'begun anew', after: lineFrom({ ...before, pairs: [] }, learningRate) };
  const [low, high] = isLow ? [before.length, before.high] : [before.low, before.length];
  const length = high > 0 ? (low + high) / 2 : 2 * before.length;
  return {
    outcome: isLow ? 'longer' : 'shorter',
    after: trialOf({ ...before, low, high, length, trials: before.trials + 1 }),
  };
}

type State = Snapshot['state'];

/** What a trainer's snapshot says. */
export function momentOf(state: State): Moment {
  const list = (name: string): number[] => [...state[name]!];
  const single = (name: string): number => list(`memory.${name}`)[0]!;
  const at = list('parameters');
  const row = (name: string, i: number): number[] =>
    list(`memory.${name}`).slice(i * at.length, (i + 1) * at.length);
  const rows = Array.from({ length: state['memory.steps']!.length / at.length }, (_, i) => ({
    step: row('steps', i),
    change: row('changes', i),
  }));
  return {
    at,
    base: list('optimizer.base'),
    loss: single('loss'),
    gradient: list('memory.gradient'),
    direction: list('memory.direction'),
    length: single('length'),
    low: single('low'),
    high: single('high'),
    trials: single('trials'),
    pairs: rows.filter(({ step }) => step.some((x) => x !== 0)),
  };
}

/** The snapshot of a trainer that is there; `model` is another one of it. */
export function snapshotAt(moment: Moment, model: Snapshot, isFirst = false): Snapshot {
  const { at, base, pairs, ...memory } = moment;
  const empty: number[] = Array(model.state['memory.steps']!.length - pairs.length * at.length).fill(0);
  const numbers: Record<string, readonly number[]> = {
    parameters: at,
    'optimizer.base': base,
    'memory.steps': [...empty, ...pairs.flatMap(({ step }) => step)],
    'memory.changes': [...empty, ...pairs.flatMap(({ change }) => change)],
    ...Object.fromEntries(Object.entries(memory).map(([name, value]) => [`memory.${name}`, [value].flat()])),
  };
  const kind = model.state.parameters instanceof Float32Array ? Float32Array : Float64Array;
  const typed = Object.entries(numbers).map(([name, values]) => [name, kind.from(values)]);
  return { ...model, state: { ...Object.fromEntries(typed), step: Int32Array.of(isFirst ? 0 : 7) } };
}

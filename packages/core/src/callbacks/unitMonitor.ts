import { type LayerActivity, saturationSlope, unitActivity } from '../inspect/unitActivity.ts';
import { option, resolveOptions } from '../plugin/options.ts';
import type { Callback } from '../train/callback.ts';
import type { Data, Examples } from '../train/data.ts';
import { pickRows } from '../train/rows.ts';
import { shuffledOrder } from '../train/shuffle.ts';
import type { Trainer } from '../train/trainer.ts';

/** How the units of a layer are. */
export interface LayerHealth {
  readonly layer: string;
  readonly units: number;
  /** Units that were active on none of the examples. */
  readonly dead: readonly number[];
  /** Share of the units that are dead. */
  readonly deadFraction: number;
  /** Share of all pairs of a unit and an example in which the unit is saturated. */
  readonly saturatedFraction: number;
  /** How many examples this is about: for dead units those that passed since the unit was last seen active, at least. */
  readonly examples: number;
}

/** When a unit counts as saturated, and how closely units are watched. */
export interface UnitMonitorOptions {
  /** A slope of the activation below which a unit is saturated. 0.01. */
  readonly saturationSlope?: number | undefined;
  /** Whether the whole training set is looked at after each epoch. true. */
  readonly exact?: boolean | undefined;
  /** Examples, drawn anew, that the streaming estimate looks at after each call of the program; 0 for none. 256. */
  readonly rows?: number | undefined;
  /**
   * Examples on which a unit must have been inactive, one after the other, to be called dead by the streaming estimate.
   * A unit that is active on a share p of the examples is so called with probability (1 − p)^window: with 3,000, units
   * active on more than 0.1 % of them less than once in 20 times. 3000.
   */
  readonly window?: number | undefined;
  /** Called with each exact report. */
  readonly onReport?: ((health: readonly LayerHealth[], epoch: number) => void) | undefined;
}

/** A callback that knows how the units of every layer are. */
export interface UnitMonitor extends Callback {
  /** On the whole training set, after each epoch; the latest last. */
  readonly reports: readonly (readonly LayerHealth[])[];
  /** The streaming estimate, as of now. */
  readonly estimate: readonly LayerHealth[];
}

const schema = {
  saturationSlope: option.positive(saturationSlope),
  exact: true,
  rows: option.number(256, { minimum: 0, whole: true }),
  window: option.number(3000, { minimum: 1, whole: true }),
} as const;

/**
 * Watches for units that have died — never active on the whole training set, as CS231n puts it — and for saturated ones:
 * exactly after each epoch, and by a streaming estimate in between. Works for every activation: a unit is active where
 * its output or its slope is not 0.
 *
 * @example
 * const monitor = unitMonitor();
 * await trainer.fit(data, { epochs: 5, callbacks: [monitor] });
 * monitor.reports.at(-1); // [{ layer: 'hidden1', dead: [3, 17], deadFraction: 0.02, … }]
 */
export function unitMonitor({ onReport, ...given }: UnitMonitorOptions = {}): UnitMonitor {
  const { saturationSlope: slope, exact, rows, window } = resolveOptions('unitMonitor', schema, given);
  const reports: (readonly LayerHealth[])[] = [];
  let stream: Stream | undefined;
  let trainer!: Trainer;
  let data!: Data;
  return {
    reports,
    get estimate() {
      return stream?.health() ?? [];
    },
    onStart: (_, startedTrainer, startedData) => {
      trainer = startedTrainer;
      data = startedData;
      stream = rows > 0 ? new Stream(trainer, trainer.prepare(data), rows, window, slope) : undefined;
    },
    onProgress: () => stream?.look(),
    onEpoch: async ({ epoch }) => {
      if (!exact) return;
      const health = (await unitActivity(trainer, data.inputs, slope)).map(healthOf);
      reports.push(health);
      onReport?.(health, epoch);
    },
  };
}

const deadIn = (isDead: (unit: number) => boolean, units: number): number[] =>
  Array.from({ length: units }, (_, unit) => unit).filter(isDead);

const total = (numbers: Float64Array): number => numbers.reduce((sum, each) => sum + each, 0);

function healthOf({ layer, units, examples, active, saturated }: LayerActivity): LayerHealth {
  const dead = deadIn((unit) => active[unit] === 0, units);
  return {
    layer,
    units,
    dead,
    deadFraction: dead.length / units,
    saturatedFraction: total(saturated) / (units * examples),
    examples,
  };
}

/** How many examples passed since each unit of a layer was last seen active; a running mean of saturation. */
interface Watched {
  readonly layer: string;
  readonly inactiveFor: Float64Array;
  saturatedFraction: number;
}

/** The streaming estimate. */
class Stream {
  readonly #trainer: Trainer;
  readonly #examples: Examples;
  readonly #rows: number;
  readonly #window: number;
  readonly #slope: number;
  #watched: Watched[] = [];
  #looks = 0;

  constructor(trainer: Trainer, examples: Examples, rows: number, window: number, slope: number) {
    this.#trainer = trainer;
    this.#examples = examples;
    this.#rows = Math.min(rows, examples.rows);
    this.#window = window;
    this.#slope = slope;
  }

  async look(): Promise<void> {
    const { rows: all, inputs } = this.#examples;
    const chosen = shuffledOrder(all, this.#trainer.recipe.seed + 1, this.#looks++).subarray(0, this.#rows);
    const names = this.#trainer.network.inputs.map(({ name }) => name);
    const drawn = inputs.map((values) => pickRows(values, all, chosen));
    const byName = Object.fromEntries(names.map((name, i) => [name, drawn[i] as (typeof drawn)[number]]));
    const activity = await unitActivity(this.#trainer, byName, this.#slope);
    if (this.#watched.length === 0) {
      this.#watched = activity.map(({ layer, units }) => ({
        layer,
        inactiveFor: new Float64Array(units),
        saturatedFraction: Number.NaN,
      }));
    }
    activity.forEach(({ units, examples, active, saturated }, i) => {
      const watched = this.#watched[i] as Watched;
      for (let unit = 0; unit < units; unit++) {
        const before = watched.inactiveFor[unit] as number;
        watched.inactiveFor[unit] = active[unit] === 0 ? before + examples : 0;
      }
      const share = total(saturated) / (units * examples);
      const before = watched.saturatedFraction;
      watched.saturatedFraction = Number.isNaN(before) ? share : 0.8 * before + 0.2 * share;
    });
  }

  health(): LayerHealth[] {
    return this.#watched.map(({ layer, inactiveFor, saturatedFraction }) => {
      const units = inactiveFor.length;
      const dead = deadIn((unit) => (inactiveFor[unit] as number) >= this.#window, units);
      const deadFraction = dead.length / units;
      return { layer, units, dead, deadFraction, saturatedFraction, examples: this.#window };
    });
  }
}

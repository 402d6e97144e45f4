// Pictures of a run: what the network makes of every place of the plane, and what each of its units does.
import { layerOutputs, type NumberArray, type Trainer, unitActivity } from '@neurite/core';
import { make } from '../plugins.ts';
import { type Domain, domainOf, type Points } from '../spec/points.ts';
import type { Curve, Histogram, LayerFrame, Regions, RunFrame, UnitsFrame } from './protocol.ts';
import type { CurvePoint, Run } from './run.ts';

/** Cells along each axis of the picture, and of the units' maps; places of a curve. */
const regionSize = 96;
const unitSize = 32;
const lineSize = 256;
/** Units of a layer that are shown, points that are shown to the units. */
const shownUnits = 128;
const shownPoints = 256;

export async function runFrame(run: Run): Promise<RunFrame> {
  return {
    step: run.position,
    epoch: run.epochs,
    now: await run.scores(),
    regions: await regionsOf(run),
  };
}

/** Evenly spaced places of the domain, rows from the top: [size², 2], or [size, 1] along a line. */
function placesOf(domain: Domain, columns: number, size: number): Float32Array {
  const at = ([low, high]: readonly [number, number], i: number): number =>
    low + ((high - low) * (i + 0.5)) / size;
  if (columns === 1) return Float32Array.from({ length: size }, (_, i) => at(domain.x, i));
  const places = new Float32Array(size * size * 2);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const place = 2 * (row * size + column);
      places[place] = at(domain.x, column);
      places[place + 1] = at(domain.y, size - 1 - row);
    }
  }
  return places;
}

async function regionsOf(run: Run): Promise<Regions> {
  const { all } = run.phase.sides;
  const domain = domainOf(all);
  if (all.columns === 1) return lineOf(run.trainer, all, domain);
  const outputs = await run.trainer.predict(placesOf(domain, 2, regionSize));
  if (all.task === 'values') return { kind: 'values', size: regionSize, value: Float32Array.from(outputs) };
  const { takesLogits } = make('loss', run.phase.spec.loss);
  return { kind: 'classes', size: regionSize, ...certainty(outputs, all.classes, takesLogits ? 1 : 4) };
}

/** The class with the largest output, and by how much a softmax of the outputs is above chance. */
function certainty(
  outputs: NumberArray,
  classes: number,
  sharpness: number,
): { label: Uint8Array; sure: Float32Array } {
  const places = outputs.length / classes;
  const label = new Uint8Array(places);
  const sure = new Float32Array(places);
  for (let place = 0; place < places; place++) {
    const row = outputs.subarray(place * classes, (place + 1) * classes);
    let best = 0;
    for (let i = 1; i < classes; i++) if ((row[i] as number) > (row[best] as number)) best = i;
    let sum = 0;
    for (let i = 0; i < classes; i++)
      sum += Math.exp(sharpness * ((row[i] as number) - (row[best] as number)));
    label[place] = best;
    sure[place] = (1 / sum - 1 / classes) / (1 - 1 / classes);
  }
  return { label, sure };
}

async function lineOf(trainer: Trainer, { columns }: Points, domain: Domain): Promise<Regions> {
  const layers = await layerOutputs(trainer, placesOf(domain, columns, lineSize));
  const hidden = layers.at(-2);
  const units = hidden ? hidden.output.length / lineSize : 0;
  return {
    kind: 'line',
    y: Float32Array.from(layers.at(-1)?.output ?? []),
    basis: Float32Array.from(hidden?.output ?? []),
    units,
  };
}

export function curveOf(points: readonly CurvePoint[]): Curve {
  const column = (name: keyof CurvePoint): Float64Array => Float64Array.from(points, (point) => point[name]);
  return {
    step: column('step'),
    loss: column('loss'),
    score: column('score'),
    testLoss: column('testLoss'),
    testScore: column('testScore'),
  };
}

export async function unitsFrame({ trainer, phase }: Run): Promise<UnitsFrame> {
  const { all, train } = phase.sides;
  const size = all.columns === 1 ? lineSize / 2 : unitSize;
  const places = placesOf(domainOf(all), all.columns, size);
  const points = all.inputs.subarray(0, shownPoints * all.columns);
  const grid = await layerOutputs(trainer, places);
  const seen = await layerOutputs(trainer, points);
  const activity = await unitActivity(trainer, train.inputs);
  const layers = grid.map(({ layer, output }, i): LayerFrame => {
    const units = output.length / (places.length / all.columns);
    const own = activity.find((entry) => entry.layer === layer);
    const share = (counts: Float64Array | undefined, of: (count: number, examples: number) => number) =>
      own && counts && Float32Array.from(counts, (count) => of(count, own.examples));
    return {
      name: layer,
      units,
      shown: Math.min(units, shownUnits),
      grid: firstUnits(output, units),
      points: firstUnits((seen[i] as (typeof seen)[number]).output, units),
      dead: share(own?.active, (count, examples) => 1 - count / examples),
      saturated: share(own?.saturated, (count, examples) => count / examples),
    };
  });
  const parameters = await trainer.readParameters();
  return {
    size,
    layers,
    weights: Object.entries(parameters)
      .filter(([name]) => name.endsWith('.weight'))
      .map(([name, values]) => histogramOf(name.replace(/\.weight$/, ''), values)),
    activations: seen.map(({ layer, output }) => histogramOf(layer, output)),
  };
}

/** Of wide layers the units that are shown. */
function firstUnits(values: NumberArray, units: number): Float32Array {
  if (units <= shownUnits) return Float32Array.from(values);
  const rows = values.length / units;
  const kept = new Float32Array(rows * shownUnits);
  for (let row = 0; row < rows; row++)
    kept.set(values.subarray(row * units, row * units + shownUnits), row * shownUnits);
  return kept;
}

/** How many of the values lie in each of 32 equal parts of their range. What is not finite is left out. */
function histogramOf(name: string, values: ArrayLike<number>): Histogram {
  const bins = 32;
  const counts = new Float32Array(bins);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { name, low: 0, high: 0, counts };
  const width = (high - low) / bins || 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { name, low, high, counts };
}

/** The memory of a frame, to be handed over instead of copied. */
export function memoryOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(memoryOf);
}

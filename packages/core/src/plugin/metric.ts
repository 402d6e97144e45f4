// Contract: a metric adds up totals over batches and makes one number of them at the end.
import type { NumberArray } from '../scalar/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

interface MetricBody<Total extends string> {
  /** Sums over the examples of a batch, of any shape that does not depend on the batch. */
  totals(prediction: Tensor, target: Tensor): Readonly<Record<Total, Tensor>>;
  /** What the sums over all batches come to, given the number of examples. */
  result(totals: Readonly<Record<Total, NumberArray>>, examples: number): number;
}

export interface Metric extends Plugin<'metric'>, MetricBody<string> {}

/** Defines a metric. */
/* @__NO_SIDE_EFFECTS__ */
export const metric = <const Type extends string, const S extends Schema, Total extends string>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => MetricBody<Total>,
): Definition<'metric', Type, S, Metric> =>
  define<'metric', Type, S, Metric>('metric', type, schema, (options) => make(options));

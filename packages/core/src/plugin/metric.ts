// Contract: a metric adds up totals over batches and makes one number of them at the end.
import type { NumberArray } from '../scalar/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import { type Option, option, type Resolved, type Schema } from './options.ts';

interface MetricBody<Total extends string, Result> {
  /** Sums over the examples of a batch, of any shape that does not depend on the batch. */
  totals(prediction: Tensor, target: Tensor): Readonly<Record<Total, Tensor>>;
  /** What the sums over all batches come to, given the number of examples. */
  result(totals: Readonly<Record<Total, NumberArray>>, examples: number): Result;
}

/** A metric: sums over each batch, and what they come to. `Result`: a number, or what `trainer.measure` is to give. */
export interface Metric<Result = number> extends Plugin<'metric'>, MetricBody<string, Result> {
  /** What its score is called; by default its type. */
  readonly name: string | undefined;
}

/** The option that every metric has. */
type WithName<S> = S & { readonly name: Option<string | undefined> };

/** Defines a metric. Every metric also takes a `name`, under which its score appears. */
/* @__NO_SIDE_EFFECTS__ */
export function metric<
  const Type extends string,
  const S extends Schema,
  Total extends string,
  Result = number,
>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => MetricBody<Total, Result>,
): Definition<'metric', Type, WithName<S>, Metric<Result>> {
  const full = { ...schema, name: option.text(/^[^.]+$/, 'a name without dots') } as WithName<S>;
  return define<'metric', Type, WithName<S>, Metric<Result>>('metric', type, full, (options) => ({
    ...(make(options as unknown as Resolved<S>) as unknown as MetricBody<string, Result>),
    name: options.name as string | undefined,
  }));
}

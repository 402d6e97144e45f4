// What conversions into Neurite give.
import type { NumberArray } from '@neurite/core';

/** The numbers of a network, as `predictor()` takes them, and `trainer.writeParameters()` and `writeLayerState()`. */
export interface NetworkNumbers {
  /** By name, row-major. */
  readonly parameters: Readonly<Record<string, NumberArray>>;
  /** What layers keep from step to step, by name. */
  readonly layerState: Readonly<Record<string, NumberArray>>;
}

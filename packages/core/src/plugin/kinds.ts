// The kinds of plugin, and the contract that each stands for.
import type { Activation } from './activation.ts';
import type { Backend } from './backend.ts';
import type { Constraint } from './constraint.ts';
import type { Initializer } from './initializer.ts';
import type { Layer } from './layer.ts';
import type { Loss } from './loss.ts';
import type { Metric } from './metric.ts';
import type { Optimizer } from './optimizer.ts';
import type { Regularizer } from './regularizer.ts';
import type { Schedule } from './schedule.ts';

/** The contract of each kind of plugin, by its name. */
export interface PluginKinds {
  activation: Activation;
  backend: Backend;
  constraint: Constraint;
  initializer: Initializer;
  layer: Layer;
  loss: Loss;
  metric: Metric;
  optimizer: Optimizer;
  regularizer: Regularizer;
  schedule: Schedule;
}
/** The kinds of plugin by name: "activation", "layer" and so on. */
export type PluginKind = keyof PluginKinds;

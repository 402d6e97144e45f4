// The door of core: everything that users and authors of plugins need. Backends have a door of their own, ./program.
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from './callbacks/earlyStopping.ts';
export { type History, history } from './callbacks/history.ts';
export { type LearningRateLog, learningRateLog } from './callbacks/learningRateLog.ts';
export { type StopOnNaN, stopOnNaN } from './callbacks/stopOnNaN.ts';
export {
  type LayerHealth,
  type UnitMonitor,
  type UnitMonitorOptions,
  unitMonitor,
} from './callbacks/unitMonitor.ts';
export { type ErrorCode, NeuriteError, nearestNames } from './errors.ts';
export { filled } from './initializers/filled.ts';
export { glorotNormal } from './initializers/glorotNormal.ts';
export { glorotUniform } from './initializers/glorotUniform.ts';
export { heNormal } from './initializers/heNormal.ts';
export { heUniform } from './initializers/heUniform.ts';
export { lecunNormal } from './initializers/lecunNormal.ts';
export { lecunUniform } from './initializers/lecunUniform.ts';
export { lsuv } from './initializers/lsuv.ts';
export { ones } from './initializers/ones.ts';
export { orthogonal } from './initializers/orthogonal.ts';
export { randomNormal } from './initializers/randomNormal.ts';
export { randomUniform } from './initializers/randomUniform.ts';
export { truncatedNormal } from './initializers/truncatedNormal.ts';
export { varianceScaling } from './initializers/varianceScaling.ts';
export { zeros } from './initializers/zeros.ts';
export { gradients } from './inspect/gradients.ts';
export { type LayerOutput, layerOutputs } from './inspect/layerOutputs.ts';
export { type LayerActivity, unitActivity } from './inspect/unitActivity.ts';
export { absoluteError } from './metrics/absoluteError.ts';
export { accuracy } from './metrics/accuracy.ts';
export { confusionMatrix } from './metrics/confusionMatrix.ts';
export { fBeta } from './metrics/fBeta.ts';
export { prAuc } from './metrics/prAuc.ts';
export { precision } from './metrics/precision.ts';
export { recall } from './metrics/recall.ts';
export { rocAuc } from './metrics/rocAuc.ts';
export { rSquared } from './metrics/rSquared.ts';
export { squaredError } from './metrics/squaredError.ts';
export { topK } from './metrics/topK.ts';
export { graph, type UseLayer } from './network/graph.ts';
export type { GraphData, NodeData } from './network/graphData.ts';
export type { ChainData, NetworkData } from './network/json.ts';
export type {
  ApplyContext,
  LayerWork,
  Network,
  NetworkLayer,
  NetworkParameter,
  NetworkState,
  Port,
} from './network/network.ts';
export { sequential } from './network/sequential.ts';
export type { Summary } from './network/summary.ts';
export { type Activation, activation } from './plugin/activation.ts';
export { type Backend, type BackendReport, backend, type Executable } from './plugin/backend.ts';
export { type Constraint, constraint } from './plugin/constraint.ts';
export {
  type Definition,
  define,
  isPluginValue,
  type Plugin,
  type PluginData,
  toData,
} from './plugin/definition.ts';
export { type Initializer, type InitializerContext, initializer } from './plugin/initializer.ts';
export type { PluginKind, PluginKinds } from './plugin/kinds.ts';
export {
  type Layer,
  type LayerContext,
  type LayerResult,
  layer,
  type ParameterSpec,
  requireRank,
  type StateSpec,
} from './plugin/layer.ts';
export { classLoss, type Loss, type LossFormula, loss } from './plugin/loss.ts';
export { type Metric, metric } from './plugin/metric.ts';
export {
  type Optimizer,
  optimizer,
  optimizerWrapper,
  type ParameterInfo,
  type PrepareContext,
  type Prepared,
  prepareGradients,
  type UpdateContext,
} from './plugin/optimizer.ts';
export {
  type Given,
  type Option,
  option,
  optionOf,
  type RequiredOption,
  type Resolved,
  resolveOptions,
  type Schema,
} from './plugin/options.ts';
export type { AnyDefinition, Named } from './plugin/registry.ts';
export { type Regularizer, regularizer } from './plugin/regularizer.ts';
export {
  type Schedule,
  type ScheduleMemory,
  type ScheduleReport,
  schedule,
} from './plugin/schedule.ts';
export type { Capabilities } from './program/capabilities.ts';
export { type Computation, lower } from './program/lower.ts';
export { printProgram } from './program/print.ts';
export type { Program } from './program/program.ts';
export { verifyProgram } from './program/verify.ts';
export type { DType, NumberArray } from './scalar/dtype.ts';
export { generatorKey, random24 } from './scalar/generator.ts';
export { printShape, type Shape, sizeOf } from './scalar/shape.ts';
export { evaluate } from './tensor/evaluate.ts';
export {
  isFiniteNumber,
  keepAxes,
  logOnePlusExp,
  logSoftmax,
  logSumExp,
  meanPerExample,
  softmax,
  zerosLike,
} from './tensor/functions.ts';
export { grad } from './tensor/grad.ts';
export { placeholder } from './tensor/placeholder.ts';
export { normal, type RandomSource, uniform } from './tensor/random.ts';
export { concat, constant, iota, Tensor } from './tensor/tensor.ts';
export type {
  Callback,
  EpochReport,
  FitResult,
  NotFinite,
  Progress,
  RunInfo,
  Scores,
} from './train/callback.ts';
export type { Data, Numbers, NumbersByName } from './train/data.ts';
export { type BackendChoice, type Choice, fastest, type Trial } from './train/fastest.ts';
export type { FitOptions } from './train/fit.ts';
export { type Predictor, type PredictorOptions, predictor } from './train/predictor.ts';
export type { OutputLoss, OutputMetric, Recipe } from './train/recipe.ts';
export {
  type ChainSpec,
  type NetworkSpec,
  type Registry,
  registry,
  type TrainSpec,
} from './train/registry.ts';
export { shuffledOrder } from './train/shuffle.ts';
export type { Position, Snapshot } from './train/snapshot.ts';
export { type TrainOptions, train, type WeightedLoss } from './train/train.ts';
export type { Trainer } from './train/trainer.ts';

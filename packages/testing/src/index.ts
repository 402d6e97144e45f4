// What plugins and backends, ours and others', are judged with.
export { type ActivationSuiteOptions, activationSuite } from './activationSuite.ts';
export { AssertionError } from './assertionError.ts';
export { backendSuite } from './backendSuite.ts';
export { checkGradient, type GradientInput, type GradientOptions } from './checkGradient.ts';
export { computeOn } from './computeOn.ts';
export { type LayerSuiteOptions, layerSuite } from './layerSuite.ts';
export { type LossSuiteOptions, lossSuite } from './lossSuite.ts';
export { type OptimizerSuiteOptions, optimizerSuite, type Trajectory } from './optimizerSuite.ts';
export type { ByOptions, DefinitionOf, OptionsOf, PluginSuiteOptions } from './plugins/definition.ts';
export type { TargetKind } from './plugins/sampleTargets.ts';
export {
  type Recorded,
  type RecordedRun,
  type RecordingBackend,
  recordingBackend,
} from './recordingBackend.ts';
export {
  checkComputation,
  evaluateSteps,
  type NumbersByName,
  readTensor,
  requireClose,
  runComputation,
  writeTensor,
} from './runComputation.ts';
export { sampleNumbers } from './sampleNumbers.ts';
export type { SuiteCase } from './suite/case.ts';
export { type DrawnComputation, drawComputation } from './suite/drawComputation.ts';

// What plugins and backends, ours and others', are judged with.
export { AssertionError } from './assertionError.ts';
export { backendSuite } from './backendSuite.ts';
export { checkGradient, type GradientInput, type GradientOptions } from './checkGradient.ts';
export { computeOn } from './computeOn.ts';
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
export type { BackendCase } from './suite/case.ts';
export { type DrawnComputation, drawComputation } from './suite/drawComputation.ts';

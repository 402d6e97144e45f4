// The main door: what runs anywhere. Files have doors of their own, ./node and ./browser.
export type {
  Checkpoint,
  CheckpointInfo,
  ClassNames,
  SavedPosition,
  TensorsByName,
  TrainingRecipe,
  TrainingState,
} from './checkpoint.ts';
export { decode } from './decode.ts';
export { encode, type NetworkNumbers } from './encode.ts';
export { evaluatedNumbers } from './evaluatedNumbers.ts';
export type { JsonObject, JsonValue } from './json/json.ts';
export { networkOf } from './networkOf.ts';
export { predictor } from './predictor.ts';
export { type RestoreOptions, restoreParameters, restoreTrainer } from './restore.ts';
export { type ResumeOptions, resume } from './resume.ts';
export { readSafetensors, type Safetensors } from './safetensors/readSafetensors.ts';
export type { FileTensor, TensorType } from './safetensors/tensor.ts';
export { type Bytes, type TensorNumbers, writeSafetensors } from './safetensors/writeSafetensors.ts';

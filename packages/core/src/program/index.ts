// The door for backends: programs, expressions and the backend's contract. No tensor, no plugin, no network.
export { NeuriteError } from '../errors.ts';
export type { Backend, BackendReport, Executable } from '../plugin/backend.ts';
export { backend } from '../plugin/backend.ts';
export type { Definition } from '../plugin/definition.ts';
export { choiceOption, numberOption, type Option, option } from '../plugin/options.ts';
export type { Affine } from '../scalar/affine.ts';
export type { DType, NumberArray } from '../scalar/dtype.ts';
export { byteSize, newArray, viewArray } from '../scalar/dtype.ts';
export { encrypt, generatorTable, random24, roundKeys } from '../scalar/generator.ts';
export { convert, type ScalarOperation, scalarOperations } from '../scalar/operations.ts';
export type { Capabilities, KernelLimits, Scratch } from './capabilities.ts';
export { type Expression, mapExpressions, operandsOf, visitExpressions } from './expression.ts';
export { printProgram } from './print.ts';
export type {
  BufferId,
  BufferInfo,
  GatherKernel,
  Home,
  Kernel,
  MapKernel,
  MatmulKernel,
  Program,
  ReduceKernel,
  Region,
  Use,
} from './program.ts';
export { kernelExpressions } from './program.ts';
export { kernelLimits } from './split.ts';

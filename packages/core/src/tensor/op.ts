// What an operation must say of itself. Fusion and the oracle ask for `kind` and the fields that come with it; nothing
// in the project lists operations by name.
import type { Affine } from '../scalar/affine.ts';
import type { DType } from '../scalar/dtype.ts';
import type { ScalarOperation } from '../scalar/operations.ts';
import type { Shape } from '../scalar/shape.ts';
import type { Tensor } from './tensor.ts';

/** Where an input's numbers are kept: written for each run, a data set, or kept and updated from step to step. */
export type InputHome = 'input' | 'data' | 'state';

export interface Signature {
  readonly shape: Shape;
  readonly dtype: DType;
}

interface OpBase {
  /** Name and attributes; two tensors with equal keys and the same sources are the same tensor. */
  readonly key: string;
  /** The shape rule; throws a NeuriteError that names the shapes where they do not fit. */
  infer(sources: readonly Tensor[]): Signature;
  /**
   * dLoss/dsource for each source, given `upstream` = dLoss/dresult. Undefined: no gradient flows there. An operation
   * without this rule passes no gradient to any source.
   */
  readonly gradient?: (
    upstream: Tensor,
    result: Tensor,
    ...sources: Tensor[]
  ) => readonly (Tensor | undefined)[];
}

/** Numbers that come from outside, under a name. */
export interface InputOp extends OpBase {
  readonly kind: 'input';
  readonly name: string;
  readonly home: InputHome;
  /** The buffer that this tensor is a part of, and where it begins in it. */
  readonly buffer: string;
  readonly offset: number;
}
export interface ConstantOp extends OpBase {
  readonly kind: 'constant';
  readonly value: number;
}
/** Each element is its own coordinate along `axis`. */
export interface IotaOp extends OpBase {
  readonly kind: 'iota';
  readonly axis: number;
}
/** Each element is a 24-bit random integer: f(stream, step, its own linear index). The source is the step. */
export interface RandomOp extends OpBase {
  readonly kind: 'random';
  readonly stream: readonly [high: number, low: number];
}
/** Element by element; all sources have the shape of the result. */
export interface MapOp extends OpBase {
  readonly kind: 'map';
  readonly operation: ScalarOperation;
  /** Worth storing rather than computing twice. */
  readonly costly: boolean;
}
/** The same numbers under other coordinates. */
export interface ViewOp extends OpBase {
  readonly kind: 'view';
  /** Which element of `source` is at `index` of the result. */
  readonly sourceIndex: (index: readonly Affine[], source: Tensor) => readonly Affine[];
}
/** The same numbers in the same row-major order under another shape. */
export interface ReshapeOp extends OpBase {
  readonly kind: 'reshape';
}
/** Along one axis, the sources one after the other from `starts[i]`; `fill` where there is none. */
export interface PiecesOp extends OpBase {
  readonly kind: 'pieces';
  readonly axis: number;
  readonly starts: readonly number[];
  readonly fill: number;
}
/** Takes `axes` away. */
export interface ReduceOp extends OpBase {
  readonly kind: 'reduce';
  readonly reduction: Reduction;
  readonly axes: readonly number[];
  /** Whether the result is one of the elements, for which a gradient looks among them again. */
  readonly chooses: boolean;
}
export type Reduction = 'sum' | 'max' | 'argmax';
/** [m, k] · [k, n] → [m, n]. */
export interface ContractOp extends OpBase {
  readonly kind: 'contract';
}
/** Rows of the first source, chosen by the second. */
export interface GatherOp extends OpBase {
  readonly kind: 'gather';
}

export type Op =
  | InputOp
  | ConstantOp
  | IotaOp
  | RandomOp
  | MapOp
  | ViewOp
  | ReshapeOp
  | PiecesOp
  | ReduceOp
  | ContractOp
  | GatherOp;

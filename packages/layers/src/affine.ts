// x · scale + offset, feature by feature: what normalizations end with.
import { ones, type ParameterSpec, type Shape, type Tensor, zeros } from '@neurite/core';
import { featureParameter, featuresOf } from './features.ts';

type Affine<Each> = {
  readonly scale: Each | undefined;
  readonly offset: Each | undefined;
};

/** Scales that begin as 1 and offsets that begin as 0, where `affine` asks for them. */
export function affineParameters(input: Shape, affine: boolean): Affine<ParameterSpec> {
  featuresOf(input); // complains where there are none
  return {
    scale: affine ? featureParameter(input, ones()) : undefined,
    offset: affine ? featureParameter(input, zeros()) : undefined,
  };
}

/** x as it is where there are neither. */
export function applyAffine(x: Tensor, { scale, offset }: Affine<Tensor>): Tensor {
  const scaled = scale ? x.mul(scale) : x;
  return offset ? scaled.add(offset) : scaled;
}

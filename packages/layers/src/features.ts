// The last axis of [batch, …, features], which several layers treat feature by feature.
import {
  type Initializer,
  NeuriteError,
  type ParameterSpec,
  type Shape,
  type StateSpec,
} from '@neurite/core';

/** How many there are. @throws NeuriteError `shape` where examples are single numbers. */
export function featuresOf(input: Shape): number {
  const features = input.at(-1);
  if (features !== undefined) return features;
  throw new NeuriteError(
    'shape',
    'takes [batch, …, features], but got [batch]: add reshape({ sizes: [1] }) before it',
  );
}

/** A number for each feature that training moves. Penalties leave it alone: near 0 it would not be simpler, but mute. */
export const featureParameter = (input: Shape, initializer: Initializer): ParameterSpec => ({
  shape: [featuresOf(input)],
  initializer,
  fanIn: 1,
  fanOut: 1,
  role: 'bias',
});

/** A number for each feature that is kept from step to step. */
export const featureState = (input: Shape, initial: number): StateSpec => ({
  shape: [featuresOf(input)],
  initial,
});

/** Every axis but the last. */
export const axesBeforeLast = (shape: Shape): number[] => shape.slice(0, -1).map((_, axis) => axis);

// How the state of random computations changes: from old and new numbers, its own and others'.
import { concat } from '@neurite/core';
import { added, type Entry, fit, isMatrix, type Maker, product, transposed } from './entry.ts';

/** How a state changes; each gives one or two new values. */
export const updates = {
  accumulate: (maker, state) => [sumOf(maker, state, state)],
  replace: (maker, state) => [fitting(maker, state)],
  /** Two states of one shape take each other's numbers, or a function of them. */
  swap: (_, state, other) => [other ?? state, state],
  momentum: (maker, state, other) => {
    const velocity = sumOf(maker, other ?? state, other ?? state);
    return [sumOf(maker, state, velocity), velocity];
  },
  /** One result for two states. */
  both: (maker, state) => {
    const value = sumOf(maker, state, state);
    return [value, value];
  },
  transpose: (_, state) => [
    isSquare(state) ? added(state, transposed(state)) : { ...state, tensor: state.tensor.neg() },
  ],
  multiply: (maker, state) => [
    isSquare(state) ? product(state, fitting(maker, state)) : fitting(maker, state),
  ],
  step: (maker, state) => [
    isSquare(state)
      ? added(state, product(fitting(maker, state), state))
      : added(state, { ...state, tensor: fit(state, state.tensor.shape, 0).tensor }),
  ],
  shifted: (_, state) => {
    const { shape } = state.tensor;
    if (shape[0] === undefined || shape[0] === 1) return [state];
    return [{ ...state, tensor: concat([state.tensor.slice([1], []), state.tensor.slice([0], [1])]) }];
  },
} satisfies Record<string, (maker: Maker, state: Entry, other: Entry | undefined) => [Entry, Entry?]>;
export type UpdateName = keyof typeof updates;

const isSquare = (entry: Entry): boolean =>
  isMatrix(entry) && entry.tensor.shape[0] === entry.tensor.shape[1];

/** Something of the state's shape and kind. */
function fitting(maker: Maker, state: Entry): Entry {
  const { tensor, exact } = state;
  const found =
    maker.pick((entry) => entry.tensor.dtype === tensor.dtype && (!exact || entry.exact)) ?? state;
  return fit(found, tensor.shape, maker.below(3));
}
const sumOf = (maker: Maker, state: Entry, start: Entry): Entry => added(start, fitting(maker, state));

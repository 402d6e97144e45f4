import { constant, optimizerWrapper, option, prepareGradients, type Tensor, zerosLike } from '@neurite/core';
import { freeName, type Remembered } from './nesting.ts';
import { changedWhere, oncePerRate, rateByUpdates, updateAt } from './pausing.ts';

/**
 * `optimizer` on the mean gradient of `steps` batches, as if they were one: with 4 batches of 32, a batch of 128 that is
 * never in memory. Between two of its updates nothing moves, and `optimizer` remembers what it did; it counts updates, and
 * so do its schedules. Each batch counts the same, also where the last of an epoch is smaller; what is begun in one epoch
 * goes on in the next. Clipping around it shortens the gradient of each batch, within it that of all together. PyTorch's
 * calls of backward() between two of step(), each loss divided by their number; Keras' gradient_accumulation_steps.
 * `steps`: 4.
 *
 * @example
 * accumulated({ optimizer: clipByGlobalNorm({ optimizer: adam(), limit: 1 }), steps: 8 })
 */
export const accumulated = optimizerWrapper(
  'accumulated',
  { steps: option.number(4, { minimum: 1, whole: true }) },
  (inner, { steps }) => {
    const gathered = freeName('gathered', inner);
    const byUpdates = oncePerRate((rate) => rateByUpdates({ rate, steps }));
    return {
      learningRate: byUpdates(inner.learningRate),
      rateOf: (parameter) => byUpdates(inner.rateOf?.(parameter) ?? inner.learningRate),
      moves: (step, parameter) => {
        const { update, due } = updateAt(step, steps);
        const innerMoves = inner.moves?.(update, parameter);
        return innerMoves ? due.select(innerMoves, due) : due;
      },
      state: (parameter) => ({ ...inner.state(parameter), [gathered]: zerosLike(parameter) }),
      memory: (parameters) => ({
        ...inner.memory?.(parameters),
        [gathered]: constant(0, { dtype: parameters[0]?.dtype ?? 'float32' }),
      }),
      prepare: (gradients, context) => {
        const { states, memory } = context;
        const { update, due } = updateAt(context.step, steps);
        const sums = gradients.map((gradient, i) =>
          gradient.add((states[i] as Remembered)[gathered] as Tensor),
        );
        const loss = context.loss.add(memory[gathered] as Tensor);
        const means = sums.map((total) => total.div(steps));
        const prepared = prepareGradients(inner, means, { ...context, loss: loss.div(steps), step: update });
        return {
          gradients: prepared.gradients,
          states: prepared.states.map((next, i) => ({
            ...changedWhere(due, states[i] as Remembered, next),
            [gathered]: due.select(0, sums[i] as Tensor),
          })),
          memory: { ...changedWhere(due, memory, prepared.memory), [gathered]: due.select(0, loss) },
        };
      },
      update: (context) => {
        const { update, due } = updateAt(context.step, steps);
        const { direction, state } = inner.update({ ...context, step: update });
        return { direction, state: changedWhere(due, context.state, state) };
      },
      afterMove: (moved, state, step, parameter) => {
        const { update, due } = updateAt(step, steps);
        return changedWhere(due, state, inner.afterMove?.(moved, state, update, parameter) ?? {});
      },
    };
  },
);

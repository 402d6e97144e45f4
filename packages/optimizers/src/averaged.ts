import { optimizerWrapper, option, type Tensor } from '@neurite/core';
import { runningMean } from './moments.ts';
import { freeName } from './nesting.ts';

/**
 * `optimizer` with a mean of the weights, which evaluations and predictions use in place of the weights themselves:
 * a ← decay · a + (1 − decay) · w after each step. The first a is w after the first step, so it is not drawn to 0 and no
 * bias is corrected. Within `accumulated` each update counts, around it each batch. Polyak and Juditsky, 1992; PyTorch's
 * AveragedModel with get_ema_multi_avg_fn; Keras' use_ema. `decay`: 0.999.
 *
 * @example
 * averaged({ optimizer: adam(), decay: 0.99 })
 */
export const averaged = optimizerWrapper(
  'averaged',
  { decay: option.fraction(0.999) },
  (inner, { decay }) => {
    const average = freeName('average', inner);
    return {
      state: (parameter) => ({ ...inner.state(parameter), [average]: parameter }),
      update: (context) => {
        const { direction, state } = inner.update(context);
        return { direction, state: { ...state, [average]: context.state[average] as Tensor } };
      },
      afterMove: (moved, state, step, parameter) => {
        const mean = runningMean(state[average] as Tensor, moved, decay);
        return {
          ...state,
          ...inner.afterMove?.(moved, state, step, parameter),
          [average]: step.greater(1).select(mean, moved),
        };
      },
      evaluates: average,
    };
  },
);

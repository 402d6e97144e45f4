import {
  concat,
  constant,
  define,
  type Optimizer,
  option,
  type PrepareContext,
  sizeOf,
  type Tensor,
} from '@neurite/core';
import { bends, type Curvature, quasiNewton, withNewest } from './curvature.ts';
import { both, either, firstTrial, judge, nextTrial, type Search } from './lineSearch.ts';

const schema = {
  learningRate: /* @__PURE__ */ option.positive(1),
  history: /* @__PURE__ */ option.number(10, { minimum: 1, whole: true }),
};

/** Trials on a line before it is given up; as in PyTorch. */
const patience = 25;

/** What is remembered of the training as a whole. */
interface Memory extends Search, Curvature {
  /** Of the base: the point from which the line goes. */
  readonly loss: Tensor;
  readonly gradient: Tensor;
  readonly direction: Tensor;
}

/**
 * L-BFGS, for small networks whose batch is all of the data, the same at each step: w ← w − t · H g, H being what the last
 * `history` steps say of the inverse Hessian, and t such that the loss falls enough and its slope too (Wolfe's conditions).
 * Each step of the training is one trial of t: loss and gradient are looked at where it leads, and either there is a new
 * base with a new direction, or the next trial is longer or shorter. So evaluations and predictions are made with the
 * parameters of the last base, and the loss of a step may be above the one before. Where 25 trials have found
 * nothing, it begins anew along −g. Nocedal, 1980; Liu and Nocedal, 1989; Nocedal and Wright, 2006, chapter 7; PyTorch's
 * LBFGS with strong_wolfe, whose search is another one.
 * `learningRate`: 1, the first trial of t; it takes no schedule. Along −g it is made shorter: min(1, 1 / Σ|g|) times that.
 * `history`: 10.
 */
export const lbfgs = define<'optimizer', 'lbfgs', typeof schema, Optimizer>(
  'optimizer',
  'lbfgs',
  schema,
  ({ learningRate, history }) => ({
    learningRate,
    state: (parameter) => ({ base: parameter }),
    evaluates: 'base',
    memory: (parameters) => {
      const [first] = parameters;
      if (!first) return {};
      const { dtype } = first;
      const size = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      const zeros = (shape: readonly number[]): Tensor => constant(0, { shape, dtype });
      return {
        ...firstTrial(zeros([])),
        loss: zeros([]),
        gradient: zeros([size]),
        direction: zeros([size]),
        steps: zeros([history, size]),
        changes: zeros([history, size]),
      };
    },
    prepare: (gradients, context) =>
      gradients.length === 0 ? gradients : advance(gradients, context, learningRate),
    update: ({ gradient, state }) => ({ direction: gradient, state }),
  }),
);

/** Looks at the trial that the last step led to and makes the next one. */
function advance(
  gradients: readonly Tensor[],
  { parameters, states, memory: remembered, loss, step }: PrepareContext,
  learningRate: number,
) {
  const memory = remembered as unknown as Memory;
  const gradient = flat(gradients);
  const position = flat(parameters);
  const base = flat(states.map((state) => state.base as Tensor));
  // Where it came to, whatever else has moved the parameters: a constraint, say, or a smaller rate of one layer.
  const way = position.sub(base);
  const change = gradient.sub(memory.gradient);

  const { isLow, isShallow } = judge(
    { loss: memory.loss, slope: memory.gradient.mul(way).sum() },
    { loss, slope: gradient.mul(way).sum() },
  );
  const begins = step.equal(1);
  const givesUp = memory.trials.greaterEqual(patience);
  const arrives = either(begins, both(isLow, either(isShallow, givesUp)));
  const restarts = both(arrives.equal(0), givesUp);
  const turns = either(arrives, restarts);

  const learns = both(both(arrives, begins.equal(0)), bends(way, change));
  const keep = (rows: Tensor, row: Tensor): Tensor =>
    learns.select(withNewest(rows, row), restarts.select(0, rows));
  const curvature = { steps: keep(memory.steps, way), changes: keep(memory.changes, change) };
  const newGradient = arrives.select(gradient, memory.gradient);
  const { direction: newDirection, isKnown } = quasiNewton(newGradient, curvature);
  const direction = turns.select(newDirection, memory.direction);

  const length = isKnown.select(1, newGradient.abs().sum().maximum(1).reciprocal()).mul(learningRate);
  const [fresh, going] = [firstTrial(length), nextTrial(memory, isLow)];
  const search = {
    length: turns.select(fresh.length, going.length),
    low: turns.select(fresh.low, going.low),
    high: turns.select(fresh.high, going.high),
    trials: turns.select(fresh.trials, going.trials),
  };
  const newBase = arrives.select(position, base);
  const target = newBase.add(direction.mul(search.length));
  const bases = like(parameters, newBase);
  return {
    // Core takes the learning rate times this away from the parameters.
    gradients: like(parameters, position.sub(target).div(learningRate)),
    states: states.map((state, i) => ({ ...state, base: bases[i] as Tensor })),
    memory: {
      ...remembered,
      ...search,
      ...curvature,
      loss: arrives.select(loss, memory.loss),
      gradient: newGradient,
      direction,
    },
  };
}

/** All numbers one after the other. */
const flat = (tensors: readonly Tensor[]): Tensor => concat(tensors.map((tensor) => tensor.reshape([-1])));

/** The numbers of `vector` in tensors of the shapes of `models`. */
function like(models: readonly Tensor[], vector: Tensor): Tensor[] {
  let start = 0;
  return models.map(({ shape }) => {
    const end = start + sizeOf(shape);
    const part = vector.slice([start], [end]).reshape(shape);
    start = end;
    return part;
  });
}

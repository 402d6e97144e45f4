// Whole trainings: loss curves against the oracle's, step by step, and the same bits again and again.
import {
  type Backend,
  type Computation,
  constant,
  grad,
  logSumExp,
  lower,
  type NumberArray,
  type Tensor,
  uniform,
} from '@neurite/core';
import {
  evaluateSteps,
  inputName,
  type NumbersByName,
  readTensor,
  requireClose,
  writeTensor,
} from '../runComputation.ts';
import { backendCase, Inputs, type SuiteCase, type SuiteContext } from './case.ts';

type Rule = (inputs: Inputs, parameter: Tensor, gradient: Tensor, step: Tensor) => [Tensor, Tensor][];

/** What a parameter and what is remembered of it become. */
const rules = {
  sgd: (_, parameter, gradient) => [[parameter, parameter.sub(gradient.mul(0.2))]],
  momentum: (inputs, parameter, gradient) => {
    const velocity = memory(inputs, parameter, 'velocity');
    const next = velocity.mul(0.9).add(gradient);
    return [
      [parameter, parameter.sub(next.mul(0.1))],
      [velocity, next],
    ];
  },
  adam: (inputs, parameter, gradient, step) => {
    const [mean, variance] = [memory(inputs, parameter, 'mean'), memory(inputs, parameter, 'variance')];
    const nextMean = mean.mul(0.9).add(gradient.mul(0.1));
    const nextVariance = variance.mul(0.999).add(gradient.square().mul(0.001));
    const corrected = (moment: Tensor, beta: number): Tensor =>
      moment.div(step.mul(Math.log(beta)).exp().neg().add(1));
    const direction = corrected(nextMean, 0.9).div(corrected(nextVariance, 0.999).sqrt().add(1e-8));
    return [
      [parameter, parameter.sub(direction.mul(0.01))],
      [mean, nextMean],
      [variance, nextVariance],
    ];
  },
} satisfies Record<string, Rule>;

/** State that begins as zeros. */
function memory(inputs: Inputs, parameter: Tensor, what: string): Tensor {
  const zeros = new Array<number>(parameter.size).fill(0);
  return inputs.given(parameter.shape, zeros, { home: 'state', name: `${inputName(parameter)}.${what}` });
}

interface TrainingPlan {
  readonly sizes: readonly [inputs: number, ...hidden: number[], classes: number];
  readonly activation: (x: Tensor) => Tensor;
  readonly rule: keyof typeof rules;
  readonly batch: number;
  readonly rows: number;
  /** Rate of the dropout behind each hidden layer. */
  readonly dropout?: number;
  /** Strength of an L2 penalty. */
  readonly penalty?: number;
}

interface Training {
  readonly computation: Computation;
  readonly values: NumbersByName;
}

/** A step on the next batch of a data set of bytes, whose classes depend on the inputs. */
function makeTraining({
  sizes,
  activation,
  rule,
  batch,
  rows,
  dropout = 0,
  penalty = 0,
}: TrainingPlan): Training {
  const inputs = new Inputs(sizes.length);
  const classes = sizes.at(-1) as number;
  const data = inputs.add([rows, sizes[0]], {
    dtype: 'uint8',
    low: 0,
    high: 256,
    home: 'data',
    name: 'data',
  });
  const bytes = inputs.values.data as readonly number[];
  const labels = Array.from({ length: rows }, (_, row) => (bytes[row * sizes[0]] as number) % classes);
  const targets = inputs.given([rows], labels, { dtype: 'int32', home: 'data', name: 'labels' });
  const step = inputs.given([], [0], { dtype: 'int32', home: 'state', name: 'step' });
  const chosen = Array.from({ length: rows }, (_, i) => (i * 7) % rows);
  const order = inputs.given([rows], chosen, { dtype: 'int32', home: 'data', name: 'order' });
  const position = step.mul(batch).cast('float32');
  const start = position
    .sub(
      position
        .div(rows - batch + 1)
        .floor()
        .mul(rows - batch + 1),
    )
    .cast('int32');
  const picked = order
    .slice([0], [batch])
    .add(start)
    .minimum(rows - 1);

  const parameters: Tensor[] = [];
  let penalties = constant(0);
  const signal = sizes.slice(1).reduce<Tensor>((x, units, layer) => {
    const [fanIn, last] = [sizes[layer] as number, layer === sizes.length - 2];
    const range = Math.sqrt(3 / fanIn);
    const weight = inputs.add([fanIn, units], {
      low: -range,
      high: range,
      home: 'state',
      name: `weight${layer}`,
    });
    const bias = inputs.add([units], { low: 0, high: 0.1, home: 'state', name: `bias${layer}` });
    parameters.push(weight, bias);
    penalties = penalties.add(weight.square().sum().mul(penalty));
    const scores = x.matmul(weight).add(bias);
    if (last) return scores;
    const y = activation(scores);
    if (dropout === 0) return y;
    const mask = uniform(y.shape, { seed: 5, purpose: `mask${layer}`, step }).greaterEqual(dropout);
    return mask.select(y.div(1 - dropout), 0);
  }, data.gather(picked).cast('float32').div(255));
  const target = targets.gather(picked).oneHot(classes);
  const loss = logSumExp(signal).sub(target.mul(signal).sum(1)).mean().add(penalties);

  const gradients = grad(loss, parameters);
  const count = step.add(1).cast('float32');
  const updates = new Map(
    parameters.flatMap((parameter, i) => rules[rule](inputs, parameter, gradients[i] as Tensor, count)),
  );
  updates.set(step, step.add(1));
  return { computation: { updates, outputs: { loss } }, values: inputs.values };
}

const relu = (x: Tensor): Tensor => x.greater(0).select(x, 0);
const plans: Readonly<Record<string, TrainingPlan>> = {
  'two layers, tanh, momentum': {
    sizes: [2, 6, 2],
    activation: (x) => x.tanh(),
    rule: 'momentum',
    batch: 10,
    rows: 50,
  },
  'three layers, ReLU, SGD with an L2 penalty': {
    sizes: [9, 33, 17, 5],
    activation: relu,
    rule: 'sgd',
    batch: 16,
    rows: 64,
    penalty: 1e-3,
  },
  'sigmoid and dropout, Adam': {
    sizes: [31, 40, 10],
    activation: (x) => x.sigmoid(),
    rule: 'adam',
    batch: 7,
    rows: 40,
    dropout: 0.3,
  },
  'one example at a time': { sizes: [5, 9, 3], activation: relu, rule: 'momentum', batch: 1, rows: 20 },
};

/** Loss after each of the calls that make so many steps each, and all state in the end. */
async function curveOf(
  backend: Backend,
  { computation, values }: Training,
  calls: readonly number[],
): Promise<{ losses: number[]; state: Record<string, NumberArray> }> {
  const program = lower(computation, backend.capabilities);
  const executable = await backend.compile(program);
  try {
    for (const [name, numbers] of Object.entries(values)) writeTensor(executable, program, name, numbers);
    const losses: number[] = [];
    for (const steps of calls) {
      await executable.run(steps);
      losses.push((await readTensor(executable, program, 'loss'))[0] as number);
    }
    const state: Record<string, NumberArray> = {};
    for (const tensor of computation.updates?.keys() ?? []) {
      state[inputName(tensor)] = await readTensor(executable, program, inputName(tensor));
    }
    return { losses, state };
  } finally {
    executable.release();
  }
}

export function trainingCases(context: SuiteContext): SuiteCase[] {
  const test = backendCase(context);
  const tolerance = context.tolerance * 10; // differences grow with the steps
  const steps = 20;
  return Object.entries(plans).flatMap(([name, plan]) => {
    const training = makeTraining(plan);
    return [
      test(`trains as the oracle does: ${name}`, async (backend) => {
        const { losses, state } = await curveOf(backend, training, new Array<number>(steps).fill(1));
        let values = training.values;
        for (const [step, loss] of losses.entries()) {
          const expected = evaluateSteps(training.computation, values);
          requireClose(
            Float32Array.of(loss),
            expected.loss as NumberArray,
            tolerance,
            `the loss of step ${step}`,
          );
          values = { ...values, ...expected };
        }
        for (const [key, numbers] of Object.entries(state)) {
          requireClose(numbers, values[key] as NumberArray, tolerance, `${key} after ${steps} steps`);
        }
      }),
      test(`trains the same, bit for bit, again and in longer calls: ${name}`, async (backend) => {
        const calls = [1, 2, 7, steps - 10];
        const first = await curveOf(backend, training, calls);
        const again = await curveOf(context.make(), training, calls);
        const cut = await curveOf(backend, training, new Array<number>(steps).fill(1));
        for (const [key, numbers] of Object.entries(first.state)) {
          requireClose(again.state[key] as NumberArray, numbers, 0, `${key}, again,`);
          requireClose(cut.state[key] as NumberArray, numbers, 0, `${key}, step by step,`);
        }
      }),
    ];
  });
}

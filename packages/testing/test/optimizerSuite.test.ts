// The judge of optimizers is judged: what is right passes, and each fault is noticed where it should be.
import { cpu } from '@neurite/backend-cpu';
import {
  constant,
  define,
  type Optimizer,
  optimizer,
  optimizerWrapper,
  option,
  schedule,
  type Tensor,
  zerosLike,
} from '@neurite/core';
import { describe, expect, it } from 'vitest';
import { optimizerSuite, type SuiteCase } from '../src/index.ts';
import { failuresOf } from './failures.ts';

const rolling = optimizer('rolling', 0.01, { keep: option.fraction(0.9) }, ({ keep }) => ({
  state: (parameter) => ({ velocity: zerosLike(parameter) }),
  update: ({ gradient, state }) => {
    const velocity = state.velocity.mul(keep).add(gradient);
    return { direction: velocity, state: { velocity } };
  },
}));
const falling = schedule('falling', {}, () => (step) => 0.01 / (1 + step));
/** Everything that an optimizer may have, each with an effect. */
const busy = optimizer('busy', 0.01, { pull: 0.1 }, ({ pull }) => {
  const [slow, quick] = [falling(), 0.02];
  return {
    state: (parameter) => ({ average: parameter.mul(1) }),
    memory: ([first]) => ({ loudest: constant(0, first && { dtype: first.dtype }) }),
    prepare: (gradients, { memory, parameters }) => {
      const all = [...gradients, ...parameters].map((each) => each.reshape([-1]).abs().max());
      const loudest = all.reduce((a, b) => a.maximum(b), memory.loudest!);
      return { gradients: gradients.map((gradient) => gradient.div(loudest.add(1))), memory: { loudest } };
    },
    update: ({ gradient, parameter, state }) => ({
      direction: gradient.add(parameter.sub(state.average).mul(0.01)),
      state,
    }),
    afterMove: (moved, state) => ({ average: state.average.mul(1 - pull).add(moved.mul(pull)) }),
    rateOf: ({ role }) => (role === 'bias' ? quick : slow),
  };
});
const longer = optimizerWrapper('longer', { by: option.positive(2) }, (inner, { by }) => ({
  update: (context) => {
    const { direction, state } = inner.update(context);
    return { direction: direction.mul(by), state };
  },
}));
const onRolling = { given: { optimizer: rolling() }, registered: { rolling } };

describe('what is right passes', () => {
  const suites = [
    ...optimizerSuite(rolling, {
      alternatives: { keep: [0, 0.5] },
      refused: { keep: [1] },
      backend: cpu,
      trajectories: [
        {
          options: { keep: 0.5, learningRate: 1 },
          start: [0, 1],
          gradients: [
            [1, 0],
            [1, 0],
          ],
          path: [
            [-1, 1],
            [-2.5, 1],
          ],
        },
      ],
    }),
    ...optimizerSuite(busy, { alternatives: { pull: [0.5], learningRate: [] }, backend: cpu }).filter(
      ({ name }) => !name.includes('the option learningRate'),
    ),
    ...optimizerSuite(longer, {
      ...onRolling,
      alternatives: { by: [3], optimizer: [rolling({ keep: 0.1 })] },
      backend: cpu,
    }),
  ];
  for (const { name, run } of suites) it(name, run);
});

interface Context {
  readonly gradient: Tensor;
  readonly parameter: Tensor;
  readonly state: { readonly kept: Tensor };
  readonly step: Tensor;
}
type Updated = { readonly direction: Tensor; readonly state: { readonly kept: Tensor } };

/** The suite of an optimizer that remembers one thing. */
const suiteOf = (
  update: (context: Context) => Updated,
  kept: (parameter: Tensor) => Tensor = zerosLike,
  options: Parameters<typeof optimizerSuite>[1] = {},
): SuiteCase[] =>
  optimizerSuite(
    optimizer('wrong', 0.01, {}, () => ({ state: (w) => ({ kept: kept(w) }), update })),
    options,
  );

const keeps = 'remembers tensors of the parameter’s shape and dtype, under the same names';

/** What is wrong, the suite of it, and where that must be noticed; and nowhere else, if `alone`. */
const faults: Record<string, [cases: SuiteCase[], where: string, alone?: boolean]> = {
  'state of another shape': [
    suiteOf(
      ({ gradient, state }) => ({ direction: gradient, state }),
      ({ dtype }) => constant(0, { dtype }),
    ),
    `wrong() ${keeps}: weight.kept must be float32 [2,3], but is float32 []`,
  ],
  'state that changes its shape': [
    suiteOf(({ gradient, state }) => ({ direction: gradient, state: { kept: state.kept.sum() } })),
    `wrong() ${keeps}: weight.kept must be float32 [2,3], but is float32 []`,
  ],
  'state of another dtype': [
    suiteOf(
      ({ gradient, state }) => ({ direction: gradient, state }),
      ({ shape }) => constant(0, { shape }),
    ),
    `wrong() ${keeps}: weight.kept must be float64 [2,3], but is float32 [2,3]`,
  ],
  'a direction of another shape': [
    suiteOf(({ gradient, state }) => ({ direction: gradient.mean(), state })),
    `wrong() ${keeps}: the direction must be float32 [2,3], but is float32 []`,
  ],
  'state that comes back under another name': [
    suiteOf(
      ({ gradient, state }) => ({ direction: gradient, state: { other: state.kept } }) as unknown as Updated,
    ),
    `wrong() ${keeps}: after a step there are`,
  ],
  'state whose names depend on the shape': [
    optimizerSuite(
      optimizer('wrong', 0.01, {}, () => ({
        state: (w): Record<string, Tensor> => (w.shape.length === 2 ? { kept: zerosLike(w) } : {}),
        update: ({ gradient, state }) => ({ direction: gradient, state }),
      })),
    ),
    `wrong() ${keeps}: names depend on the shape:`,
    true,
  ],
  'memory that changes its shape': [
    optimizerSuite(
      optimizer('wrong', 0.01, {}, () => ({
        state: () => ({}),
        memory: ([first]) => ({ norm: constant(0, { dtype: first!.dtype }) }),
        prepare: (gradients, { memory }) => ({ gradients, memory: { norm: memory.norm!.reshape([1]) } }),
        update: ({ gradient, state }) => ({ direction: gradient, state }),
      })),
    ),
    `wrong() ${keeps}: memory.norm must be float32 [], but is float32 [1]`,
  ],
  'a step uphill': [
    suiteOf(({ gradient, state }) => ({ direction: gradient.neg(), state })),
    'wrong() goes downhill on a bowl: the heights after each step are',
    true,
  ],
  'no step at all': [
    suiteOf(({ gradient, state }) => ({ direction: gradient.mul(0), state })),
    'wrong() goes downhill on a bowl: the heights after each step are',
  ],
  'a division by a gradient of 0': [
    suiteOf(({ gradient, state }) => ({ direction: gradient.div(gradient.abs()), state })),
    'wrong() stays finite where gradients are 0: a parameter is NaN after step 1 for gradients of 0 in float32',
    true,
  ],
  'state that overflows': [
    suiteOf(({ gradient }) => ({ direction: gradient, state: { kept: gradient.square() } })),
    'wrong() stays finite for gradients from ±1e-30 to ±1e+30: "weight.kept" is Infinity after step 1 for gradients of ±1e+30',
    true,
  ],
  'a division by a square that vanishes': [
    suiteOf(({ gradient, state }) => ({
      direction: gradient.equal(0).select(0, gradient.div(gradient.square().sqrt())),
      state,
    })),
    'wrong() stays finite for gradients from ±1e-30 to ±1e+30: a parameter is Infinity after step 1 for gradients of ±1e-30'.replace(
      'Infinity',
      '-Infinity',
    ),
  ],
  'a schedule that is ignored': [
    optimizerSuite(
      define<'optimizer', 'wrong', { learningRate: ReturnType<typeof option.rate> }, Optimizer>(
        'optimizer',
        'wrong',
        { learningRate: option.rate(0.01) },
        ({ learningRate }) => ({
          ...rolling(),
          learningRate: typeof learningRate === 'number' ? learningRate : 0.01,
        }),
      ),
    ),
    'wrong() takes a schedule: its learningRate is not the schedule that it was given',
    true,
  ],
  'a learning rate of its own beside core’s': [
    optimizerSuite(
      optimizer('wrong', 0.01, {}, () => ({
        state: () => ({}),
        rateOf: () => 0.01,
        update: ({ gradient }) => ({ direction: gradient, state: {} }),
      })),
    ),
    'wrong: the option learningRate makes a difference: wrong({ learningRate: 0.005 }) computes what wrong() computes',
    true,
  ],
  'a dead option': [
    optimizerSuite(
      optimizer('wrong', 0.01, { keep: 0.9 }, () => bodyOf(rolling())),
      { alternatives: { keep: [0.5] } },
    ),
    'wrong: the option keep makes a difference',
    true,
  ],
  'another trajectory': [
    optimizerSuite(rolling, {
      alternatives: { keep: [0.5] },
      trajectories: [{ start: [0], gradients: [[1], [1]], path: [[-0.01], [-0.02]] }],
    }),
    'rolling() follows trajectory 1: the parameter after step 2: element 0 is -0.028',
    true,
  ],
  'a wrapper whose inner optimizer cannot be read from data': [
    optimizerSuite(longer, {
      given: { optimizer: rolling() },
      alternatives: { by: [3], optimizer: [busy()] },
    }),
    'longer({ optimizer: rolling(…) }) comes back from data: optimizer: optimizer of longer: there is no optimizer "rolling"',
  ],
  'chance that is not the generator’s': [
    suiteOf(({ gradient, state }) => ({ direction: gradient.mul(1 + Math.random()), state })),
    'wrong() is the same each time it is made',
  ],
};

function bodyOf({ state, update }: Optimizer): Pick<Optimizer, 'state' | 'update'> {
  return { state, update };
}

describe('the suite notices', () => {
  it.each(Object.entries(faults))('%s', async (_, [cases, where, alone = false]) => {
    const failures = await failuresOf(cases);
    expect(failures.join('\n')).toContain(where);
    const own = where.slice(where.indexOf(' ') + 1, where.indexOf(': ', where.indexOf(' ')));
    const others = failures.filter((failure) => !failure.includes(own));
    if (alone) expect(others).toEqual([]);
  });

  it('a backend that loses its state', async () => {
    const other = cpu();
    const backend = () => ({
      ...other,
      compile: (program: Parameters<typeof other.compile>[0]) => other.compile(program),
    });
    const failures = await failuresOf(optimizerSuite(rolling, { alternatives: { keep: [0.5] }, backend }));
    expect(failures.join('\n')).toMatch(/rolling\(\) moves the parameters of a training as on the oracle/);
  });
});

// Computations drawn by lot: graphs over everything that lowering treats in a way of its own, with state that is updated
// from old and new numbers of its own and others. A plan is plain data, which fast-check shrinks; every plan makes sense.
import { type Computation, placeholder, type Shape, type Tensor } from '@neurite/core';
import fc from 'fast-check';
import { sampleNumbers } from '../../src/index.ts';
import { type Entry, isFloat, Maker, tame } from './entry.ts';
import { type StepName, steps } from './steps.ts';
import { type UpdateName, updates } from './updates.ts';

/** What a computation is made from. Every number counts from the end of what there is to choose from, modulo its size. */
export interface Plan {
  readonly dtype: 'float32' | 'float64';
  /** Whether all float states lie in one buffer. */
  readonly packed: boolean;
  readonly inputs: readonly InputPlan[];
  readonly steps: readonly Instruction[];
  /** For some of the states, in order: how it changes, and choices. */
  readonly updates: readonly Instruction<UpdateName>[];
  readonly outputs: readonly number[];
  /** Times that the program runs. */
  readonly runs: number;
}
interface InputPlan {
  readonly shape: Shape;
  readonly home: 'input' | 'data' | 'state';
  readonly kind: 'whole' | 'real' | 'int32' | 'uint8';
}
type Instruction<Name extends string = StepName> = readonly [name: Name, ...choices: number[]];

/** A computation with numbers for its inputs. */
interface RandomComputation {
  readonly computation: Computation;
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** Of outputs and states by name: whether their numbers are small whole numbers, which every backend gets exactly. */
  readonly exact: ReadonlySet<string>;
}

/** No tensor is larger. */
const largestSize = 300;
/** No number of a state is larger. */
const stateBound = 64;

/** The computation that `plan` describes. */
export function makeComputation(plan: Plan): RandomComputation {
  const values: Record<string, number[]> = {};
  let offset = 0;
  const entries = plan.inputs.map(({ shape, home: wanted, kind }, i): Entry & { readonly home: string } => {
    const home = kind === 'uint8' && wanted === 'state' ? 'data' : wanted; // sums of bytes are not defined
    const name = `${home}${i}`;
    const isReal = kind === 'real';
    const dtype = kind === 'whole' || isReal ? plan.dtype : kind;
    const inPack = plan.packed && home === 'state' && dtype === plan.dtype;
    const tensor = placeholder(name, shape, { dtype, home, ...(inPack && { buffer: 'pack', offset }) });
    if (inPack) offset += tensor.size;
    const [low, high] = kind === 'uint8' ? [0, 256] : isReal ? [-2, 2] : [-4, 5];
    const numbers = sampleNumbers(tensor.size, { seed: i, low, high });
    values[name] = isReal ? numbers.map(Math.fround) : numbers.map(Math.floor);
    const bound = home === 'state' ? stateBound : kind === 'uint8' ? 255 : 4;
    return { tensor, exact: !isReal, bound, home };
  });
  const states = entries.filter(({ home }) => home === 'state');
  const maker = new Maker(plan.dtype, entries, states);

  for (const [name, ...choices] of plan.steps) {
    maker.begin(choices);
    const made = steps[name](maker);
    if (!made) continue;
    const entry = isFloat(made) ? tame(made) : made;
    if (entry.tensor.size <= largestSize && entry.tensor.shape.length <= 3) maker.pool.push(entry);
  }

  const changes = new Map<Tensor, Tensor>();
  const exact = new Set<string>();
  plan.updates.forEach(([name, ...choices], i) => {
    const state = states[i];
    if (!state || changes.has(state.tensor)) return;
    maker.begin(choices);
    const other = states.find(
      (candidate) =>
        candidate !== state &&
        !changes.has(candidate.tensor) &&
        candidate.exact === state.exact &&
        candidate.tensor.dtype === state.tensor.dtype &&
        `${candidate.tensor.shape}` === `${state.tensor.shape}`,
    );
    const results = updates[name](maker, state, other);
    [state, other].forEach((target, r) => {
      const value = results[r];
      if (target && value) changes.set(target.tensor, settle(value, target));
    });
  });
  for (const { tensor, exact: isExact } of states) if (isExact) exact.add(nameOf(tensor));

  const outputs = Object.fromEntries(
    plan.outputs.map((choice, i) => {
      const entry = maker.pool[maker.pool.length - 1 - (choice % maker.pool.length)] as Entry;
      if (entry.exact) exact.add(`output${i}`);
      return [`output${i}`, entry.tensor];
    }),
  );
  const pack = { home: 'state', dtype: plan.dtype, length: offset + 3 } as const;
  const computation = { updates: changes, outputs, ...(offset > 0 && { buffers: { pack } }) };
  return { computation, values, exact };
}

/** A new value of a state, held to the bound that everything made of states counts on. */
function settle(value: Entry, { exact, tensor }: Entry): Tensor {
  if (value.bound <= stateBound) return value.tensor;
  return exact || tensor.dtype === 'int32'
    ? value.tensor.minimum(stateBound).maximum(-stateBound)
    : value.tensor.tanh();
}

const nameOf = ({ op }: Tensor): string => (op.kind === 'input' ? op.name : '');

const choice = fc.nat({ max: 40 });
const instructions = <Name extends string>(names: readonly Name[], maxLength: number) =>
  fc.array(
    fc
      .tuple(fc.constantFrom(...names), fc.array(choice, { maxLength: 6 }))
      .map(([name, choices]): Instruction<Name> => [name, ...choices]),
    { maxLength, size: 'max' },
  );
/** Sizes come from so few that shapes often fit each other; many are square, so that a transpose fits too. */
const shape = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Shape>([3, 3], [4, 3], [3, 4], [4, 4], [3], [4], [1, 4], [3, 1]) },
  { weight: 1, arbitrary: fc.constantFrom<Shape>([3, 1, 3], [1, 3, 3], [3, 3, 1], [2, 3, 2], [3, 3, 3]) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }) },
);

export const planArbitrary: fc.Arbitrary<Plan> = fc.record({
  dtype: fc.constantFrom('float32', 'float64'),
  packed: fc.boolean(),
  inputs: fc.array(
    fc.record({
      shape,
      home: fc.constantFrom('input', 'state', 'data'),
      kind: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('whole' as const, 'real' as const) },
        { weight: 1, arbitrary: fc.constantFrom('int32' as const, 'uint8' as const) },
      ),
    }),
    { minLength: 1, maxLength: 5, size: 'max' },
  ),
  steps: instructions(Object.keys(steps) as StepName[], 30),
  updates: instructions(Object.keys(updates) as UpdateName[], 4),
  outputs: fc.array(choice, { minLength: 1, maxLength: 4 }),
  runs: fc.integer({ min: 1, max: 3 }),
});

// Computations drawn by lot: graphs over everything that lowering treats in a way of its own, with state that is updated
// from old and new numbers of its own and others. A plan is plain data, which fast-check shrinks; every plan makes sense.
import {
  type Computation,
  concat,
  type DType,
  grad,
  iota,
  placeholder,
  type Shape,
  sizeOf,
  softmax,
  type Tensor,
  uniform,
} from '@neurite/core';
import fc from 'fast-check';
import { sampleNumbers } from '../src/index.ts';

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
export interface RandomComputation {
  readonly computation: Computation;
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** Of outputs and states by name: whether their numbers are small whole numbers, which every backend gets exactly. */
  readonly exact: ReadonlySet<string>;
}

/**
 * A tensor to go on from. Whole numbers stay so small that float32 holds them, and only they are compared, rounded down or
 * used as indices: a difference in the last digit of another number must not make a difference of 1.
 */
interface Entry {
  readonly tensor: Tensor;
  readonly exact: boolean;
  /** No element is larger. */
  readonly bound: number;
}

const largestSize = 300;
const isFloatEntry = ({ tensor }: Entry): boolean => tensor.dtype === 'float32' || tensor.dtype === 'float64';
const isWhole = (entry: Entry): boolean => isFloatEntry(entry) && entry.exact;
const isMatrix = (entry: Entry): boolean => isFloatEntry(entry) && entry.tensor.shape.length === 2;

/** Keeps numbers small: whole ones by a remainder, others by what suits networks. */
function tame({ tensor, exact, bound }: Entry): Entry {
  if (tensor.dtype === 'int32') return { tensor: tensor.maximum(-40).minimum(40), exact, bound: 40 };
  if (exact && bound > 32) {
    return {
      tensor: tensor.sub(
        tensor
          .mul(1 / 32)
          .floor()
          .mul(32),
      ),
      exact,
      bound: 32,
    };
  }
  if (!exact && bound > 4) {
    return bound > 16
      ? { tensor: tensor.tanh(), exact, bound: 1 }
      : { tensor: tensor.mul(0.25), exact, bound: bound / 4 };
  }
  return { tensor, exact, bound };
}

/** `entry` with `shape`, by one of the ways there are. */
function fit({ tensor, exact, bound }: Entry, shape: Shape, way: number): Entry {
  const [from, size] = [tensor.shape, sizeOf(shape)];
  const stretches =
    from.length <= shape.length &&
    from.every((each, i) => each === 1 || each === shape[shape.length - from.length + i]);
  if (stretches) return { tensor: tensor.broadcastTo(shape), exact, bound };
  if (way % 3 === 0 && tensor.dtype !== 'uint8') {
    return tame({ tensor: tensor.sum().broadcastTo(shape), exact, bound: bound * tensor.size });
  }
  const flat = tensor.reshape([tensor.size]);
  const resized = tensor.size >= size ? flat.slice([0], [size]) : flat.pad([0], [size - tensor.size], 1);
  return { tensor: resized.reshape(shape), exact, bound: Math.max(bound, 1) };
}

class Maker {
  readonly dtype: DType;
  readonly pool: Entry[];
  readonly states: readonly Entry[];
  readonly #counter: Tensor | undefined;
  #choices: number[] = [];

  constructor(dtype: DType, pool: readonly Entry[], states: readonly Entry[]) {
    this.dtype = dtype;
    this.pool = [...pool];
    this.states = states;
    this.#counter = states.find(({ tensor }) => tensor.dtype === 'int32' && tensor.size === 1)?.tensor;
  }

  begin(choices: readonly number[]): void {
    this.#choices = [...choices];
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return (this.#choices.shift() ?? 0) % limit;
  }

  pick(which: (entry: Entry) => boolean): Entry | undefined {
    const found = this.pool.filter(which);
    return found[found.length - 1 - this.below(Math.max(found.length, 1))];
  }

  axis({ tensor }: Entry): number {
    return this.below(Math.max(tensor.shape.length, 1));
  }

  random(shape: Shape): Tensor {
    const step = this.#counter?.reshape([]);
    return uniform(shape, { seed: this.below(3), purpose: 'noise', ...(step && { step }) }, this.dtype);
  }

  /** Indices of `rows` rows. */
  indices(rows: number): Tensor {
    const given = this.pick(({ tensor }) => tensor.dtype === 'int32' && tensor.shape.length === 1);
    const drawn = given?.tensor ?? iota([1 + this.below(4)]);
    return drawn.maximum(0).minimum(rows - 1);
  }
}

type Step = (maker: Maker) => Entry | undefined;

/** One float tensor to another. */
const onFloats =
  (make: (entry: Entry, maker: Maker) => Entry | undefined): Step =>
  (maker) => {
    const entry = maker.pick(isFloatEntry);
    return entry && make(entry, maker);
  };
/** Element by element, made real if it was whole. */
const real = (formula: (x: Tensor) => Tensor, bound: (bound: number) => number): Step =>
  onFloats(({ tensor, bound: before }) => ({ tensor: formula(tensor), exact: false, bound: bound(before) }));
/** Element by element; whole numbers stay whole. */
const keep = (formula: (x: Tensor) => Tensor, bound: (bound: number) => number = (before) => before): Step =>
  onFloats(({ tensor, exact, bound: before }) => ({ tensor: formula(tensor), exact, bound: bound(before) }));
const binary =
  (
    formula: (x: Tensor, y: Tensor) => Tensor,
    bound: (a: number, b: number) => number,
    which: (entry: Entry) => boolean = isFloatEntry,
  ): Step =>
  (maker) => {
    const a = maker.pick(which);
    const other = a && maker.pick((entry) => which(entry) && entry.tensor.dtype === a.tensor.dtype);
    if (!a || !other) return undefined;
    const b = fit(other, a.tensor.shape, maker.below(3));
    return { tensor: formula(a.tensor, b.tensor), exact: a.exact && b.exact, bound: bound(a.bound, b.bound) };
  };
const onMatrices =
  (make: (entry: Entry, maker: Maker) => Entry): Step =>
  (maker) => {
    const entry = maker.pick(isMatrix);
    return entry && make(entry, maker);
  };
const product = (a: Entry, b: Entry): Entry => ({
  tensor: a.tensor.matmul(b.tensor),
  exact: a.exact && b.exact,
  bound: a.bound * b.bound * (a.tensor.shape[1] as number),
});
const transposed = (entry: Entry): Entry => ({ ...entry, tensor: entry.tensor.transpose() });

const steps = {
  add: binary(
    (x, y) => x.add(y),
    (a, b) => a + b,
  ),
  sub: binary(
    (x, y) => x.sub(y),
    (a, b) => a + b,
  ),
  mul: binary(
    (x, y) => x.mul(y),
    (a, b) => a * b,
  ),
  div: binary(
    (x, y) => x.add(0.5).div(y.abs().add(1)),
    (a) => a + 1,
    (entry) => isFloatEntry(entry) && !entry.exact,
  ),
  maximum: binary((x, y) => x.maximum(y), Math.max),
  minimum: binary((x, y) => x.minimum(y), Math.max),
  neg: keep((x) => x.neg()),
  abs: keep((x) => x.abs()),
  square: keep(
    (x) => x.square(),
    (bound) => bound * bound,
  ),
  squareByPow: keep(
    (x) => x.pow(2),
    (bound) => bound * bound,
  ),
  scaled: real(
    (x) => x.mul(0.3).add(0.1),
    (bound) => bound + 1,
  ),
  tanh: real(
    (x) => x.tanh(),
    () => 1,
  ),
  sigmoid: real(
    (x) => x.sigmoid(),
    () => 1,
  ),
  exp: real(
    (x) => x.mul(0.125).exp(),
    (bound) => Math.exp(bound / 8),
  ),
  sin: real(
    (x) => x.sin(),
    () => 1,
  ),
  sqrt: real(
    (x) => x.square().add(1).sqrt(),
    (bound) => bound + 1,
  ),
  log: real(
    (x) => x.abs().add(1).log(),
    (bound) => bound + 1,
  ),
  reciprocal: real(
    (x) => x.square().add(1).reciprocal(),
    () => 1,
  ),
  softmax: onFloats(({ tensor }) =>
    tensor.shape.length === 0 ? undefined : { tensor: softmax(tensor), exact: false, bound: 1 },
  ),
  /** relu-like, where the mask is derived from whole numbers. */
  select: (maker) => {
    const [mask, yes] = [maker.pick(isWhole), maker.pick(isFloatEntry)];
    if (!mask || !yes) return undefined;
    const { tensor, exact, bound } = yes;
    const condition = fit(mask, tensor.shape, maker.below(3)).tensor.greater(maker.below(3));
    return { tensor: condition.select(tensor, maker.below(2) === 0 ? 0 : tensor.neg()), exact, bound };
  },
  compare: (maker) => {
    const [a, other] = [maker.pick(isWhole), maker.pick(isWhole)];
    if (!a || !other) return undefined;
    const b = fit(other, a.tensor.shape, maker.below(3)).tensor;
    const names = ['equal', 'less', 'lessEqual', 'notEqual', 'greaterEqual'] as const;
    return { tensor: a.tensor[names[maker.below(5)] as (typeof names)[number]](b), exact: true, bound: 1 };
  },
  toFloat: (maker) => {
    const entry = maker.pick((candidate) => !isFloatEntry(candidate));
    return entry && { ...entry, tensor: entry.tensor.cast(maker.dtype) };
  },
  toInteger: (maker) => {
    const entry = maker.pick(isWhole);
    return entry && { ...entry, tensor: entry.tensor.cast('int32') };
  },
  integers: binary(
    (x, y) => x.add(y).minimum(40).maximum(-40),
    () => 40,
    ({ tensor }) => tensor.dtype === 'int32',
  ),
  coordinates: onFloats(({ tensor }, maker) =>
    tensor.shape.length === 0
      ? undefined
      : {
          tensor: iota(tensor.shape, maker.below(tensor.shape.length)),
          exact: true,
          bound: Math.max(...tensor.shape),
        },
  ),
  random: onFloats(({ tensor }, maker) => ({ tensor: maker.random(tensor.shape), exact: false, bound: 1 })),
  dropout: onFloats(({ tensor, exact, bound }, maker) => ({
    tensor: maker.random(tensor.shape).less(0.5).select(tensor.mul(2), 0),
    exact,
    bound: 2 * bound,
  })),
  transpose: keep((x) => x.transpose()),
  rotate: keep((x) => x.transpose([...x.shape.keys()].map((_, axis, axes) => (axis + 1) % axes.length))),
  plusTranspose: onMatrices((entry, maker) => {
    const other = fit(transposed(entry), entry.tensor.shape, maker.below(3));
    return { tensor: entry.tensor.add(other.tensor), exact: entry.exact, bound: entry.bound + other.bound };
  }),
  slice: onFloats((entry, maker) => {
    const { shape } = entry.tensor;
    const starts = shape.map((size) => maker.below(size));
    const ends = shape.map((size, axis) => size - maker.below(size - (starts[axis] as number)));
    return { ...entry, tensor: entry.tensor.slice(starts, ends) };
  }),
  broadcast: onFloats((entry, maker) =>
    entry.tensor.shape.length > 2
      ? undefined
      : { ...entry, tensor: entry.tensor.broadcastTo([1 + maker.below(3), ...entry.tensor.shape]) },
  ),
  flatten: keep((x) => x.reshape([-1])),
  asRow: onFloats((entry) => ({ ...entry, tensor: entry.tensor.reshape([1, entry.tensor.size]) })),
  /** Other axes over the same numbers: [2, 6] → [4, 3], [3, 2, 2]. */
  regroup: onFloats((entry, maker) => {
    const { size } = entry.tensor;
    const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((each) => size % each === 0);
    const first = divisors[maker.below(divisors.length)] as number;
    const rest = divisors.filter((each) => (size / first) % each === 0);
    const second = rest[maker.below(rest.length)] as number;
    const shape = [first, second, size / first / second];
    return {
      ...entry,
      tensor: entry.tensor.reshape(
        maker.below(2) === 0 ? (shape.slice(1).length === 2 ? [first, size / first] : shape) : shape,
      ),
    };
  }),
  pad: onFloats((entry, maker) => {
    const { tensor, bound } = entry;
    const amount = (): number[] => tensor.shape.map(() => maker.below(3));
    return { ...entry, tensor: tensor.pad(amount(), amount(), maker.below(3)), bound: Math.max(bound, 2) };
  }),
  concat: onFloats((entry, maker) => {
    const other = maker.pick(
      ({ tensor }) =>
        tensor.dtype === entry.tensor.dtype && tensor.shape.length === entry.tensor.shape.length,
    ) as Entry;
    const { shape } = entry.tensor;
    if (shape.length === 0) return undefined;
    const axis = maker.below(shape.length);
    const fits = other.tensor.shape.every((size, i) => i === axis || size === shape[i]);
    const next = fits ? other : entry;
    const tensors =
      maker.below(2) === 0 ? [entry.tensor, next.tensor] : [next.tensor, entry.tensor.neg(), next.tensor];
    return {
      tensor: concat(tensors, axis),
      exact: entry.exact && next.exact,
      bound: Math.max(entry.bound, next.bound),
    };
  }),
  stopGradient: keep((x) => x.stopGradient()),
  sum: onFloats((entry, maker) => {
    const axes = entry.tensor.shape.length > 1 && maker.below(3) > 0 ? maker.axis(entry) : undefined;
    const tensor = entry.tensor.sum(axes);
    return { ...entry, tensor, bound: (entry.bound * entry.tensor.size) / tensor.size };
  }),
  mean: onFloats((entry, maker) => ({
    ...entry,
    exact: false,
    tensor: entry.tensor.shape.length === 0 ? entry.tensor : entry.tensor.mean(maker.axis(entry)),
  })),
  max: onFloats((entry, maker) => ({
    ...entry,
    tensor: entry.tensor.shape.length === 0 ? entry.tensor : entry.tensor.max(maker.axis(entry)),
  })),
  outerAndInner: onFloats((entry) => {
    const { tensor } = entry;
    return tensor.shape.length === 3 ? { ...entry, tensor: tensor.max([0, 2]) } : undefined;
  }),
  argmax: (maker) => {
    const entry = maker.pick((candidate) => isWhole(candidate) && candidate.tensor.shape.length > 0);
    const along = entry && maker.axis(entry);
    return (
      entry && {
        tensor: entry.tensor.argmax(along),
        exact: true,
        bound: entry.tensor.shape[along as number] as number,
      }
    );
  },
  centred: onFloats((entry) => {
    const { tensor } = entry;
    if (tensor.shape.length === 0) return undefined;
    const largest = tensor.max(-1).reshape([...tensor.shape.slice(0, -1), 1]);
    return { ...entry, tensor: tensor.sub(largest), bound: 2 * entry.bound };
  }),
  gram: onMatrices((entry) => product(entry, transposed(entry))),
  covariance: onMatrices((entry) => product(transposed(entry), entry)),
  /** A product of two matrices, the second cut or filled to what the first wants; either may be transposed. */
  matmul: onMatrices((entry, maker) => {
    const other = maker.pick(isMatrix) as Entry;
    const left = maker.below(2) === 0 ? entry : transposed(entry);
    const k = left.tensor.shape[1] as number;
    const wanted = maker.below(2) === 0 ? other : transposed(other);
    const right = wanted.tensor.shape[0] === k ? wanted : fit(other, [k, 1 + maker.below(4)], 1);
    return product(left, right);
  }),
  /** dense: x · w + b, then something costly, beside its product. */
  dense: onMatrices((entry, maker) => {
    const width = 1 + maker.below(4);
    const [w, b] = [maker.pick(isFloatEntry) as Entry, maker.pick(isFloatEntry) as Entry];
    const weight = fit(w, [entry.tensor.shape[1] as number, width], 1);
    const z = product(entry, weight);
    const bias = fit(b, [width], 0);
    const sum = {
      tensor: z.tensor.add(bias.tensor),
      exact: z.exact && bias.exact,
      bound: z.bound + bias.bound,
    };
    return { tensor: tame(sum).tensor.tanh(), exact: false, bound: 1 };
  }),
  gather: onFloats((entry, maker) =>
    entry.tensor.shape.length === 0
      ? undefined
      : { ...entry, tensor: entry.tensor.gather(maker.indices(entry.tensor.shape[0] as number)) },
  ),
  gatherBytes: (maker) => {
    const entry = maker.pick(({ tensor }) => tensor.dtype === 'uint8' && tensor.shape.length > 0);
    if (!entry) return undefined;
    const tensor = entry.tensor
      .gather(maker.indices(entry.tensor.shape[0] as number))
      .cast(maker.dtype)
      .div(255);
    return { tensor, exact: false, bound: 1 };
  },
  oneHot: (maker) => ({ tensor: maker.indices(4).oneHot(4, maker.dtype), exact: true, bound: 1 }),
  /** Which elements are the largest, as a gradient: looked for in numbers that may have been computed anew. */
  largest: (maker) => {
    const entry = maker.pick((candidate) => isWhole(candidate) && candidate.tensor.shape.length > 0);
    if (!entry) return undefined;
    const uneven = entry.tensor.mul(0.3).add(0.1);
    const viewed = maker.below(2) === 0 ? uneven : uneven.transpose();
    const [tensor] = grad(viewed.max(maker.axis(entry)).sum(), [entry.tensor]) as [Tensor];
    return { tensor, exact: false, bound: 1 };
  },
  /** The gradient of something smooth in one of the floats that it is made of. */
  gradient: (maker) => {
    const of = maker.pick(isFloatEntry);
    const by = maker.pick(isFloatEntry);
    if (!of || !by) return undefined;
    const [result] = grad(of.tensor.mul(0.25).tanh().sum(), [by.tensor]) as [Tensor];
    return { tensor: result.tanh(), exact: false, bound: 1 };
  },
} satisfies Record<string, Step>;
type StepName = keyof typeof steps;
const stepNames = Object.keys(steps) as StepName[];

/** How a state changes; each gives one or two new values. */
const updates = {
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
type UpdateName = keyof typeof updates;

const isSquare = ({ tensor }: Entry): boolean =>
  isFloatEntry({ tensor, exact: true, bound: 0 }) &&
  tensor.shape.length === 2 &&
  tensor.shape[0] === tensor.shape[1];
const added = (a: Entry, b: Entry): Entry => ({
  tensor: a.tensor.add(b.tensor),
  exact: a.exact && b.exact,
  bound: a.bound + b.bound,
});
/** Something of the state's shape and kind. */
function fitting(maker: Maker, state: Entry): Entry {
  const { tensor, exact } = state;
  const found =
    maker.pick((entry) => entry.tensor.dtype === tensor.dtype && (!exact || entry.exact)) ?? state;
  return fit(found, tensor.shape, maker.below(3));
}
const sumOf = (maker: Maker, state: Entry, start: Entry): Entry => added(start, fitting(maker, state));

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
    const entry = isFloatEntry(made) ? tame(made) : made;
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

export const nameOf = ({ op }: Tensor): string => (op.kind === 'input' ? op.name : '');

const choice = fc.nat({ max: 40 });
const instructions = <Name extends string>(names: readonly Name[], maxLength: number) =>
  fc.array(
    fc
      .tuple(fc.constantFrom(...names), fc.array(choice, { maxLength: 6 }))
      .map(([name, choices]): Instruction<Name> => [name, ...choices]),
    { maxLength, size: 'max' },
  );
/** Sizes come from so few that shapes often fit each other. */
const shape = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Shape>([3, 3], [4, 3], [3, 4], [4, 4], [3], [4], [1, 4], [3, 1]) },
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
  steps: instructions(stepNames, 30),
  updates: instructions(Object.keys(updates) as UpdateName[], 4),
  outputs: fc.array(choice, { minLength: 1, maxLength: 4 }),
  runs: fc.integer({ min: 1, max: 3 }),
});

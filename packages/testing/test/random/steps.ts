// The steps of random computations: each operation and each pattern that lowering treats in a way of its own.
import { concat, grad, iota, softmax, type Tensor } from '@neurite/core';
import {
  type Entry,
  fit,
  isFloat,
  isMatrix,
  isWhole,
  type Maker,
  product,
  tame,
  transposed,
} from './entry.ts';

/** Makes a tensor of those there are; undefined where none of them suits. */
type Step = (maker: Maker) => Entry | undefined;

/** One float tensor to another. */
const onFloats =
  (make: (entry: Entry, maker: Maker) => Entry | undefined): Step =>
  (maker) => {
    const entry = maker.pick(isFloat);
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
    which: (entry: Entry) => boolean = isFloat,
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
/** Every way to go on. */
export const steps = {
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
    (entry) => isFloat(entry) && !entry.exact,
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
    const [mask, yes] = [maker.pick(isWhole), maker.pick(isFloat)];
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
    const entry = maker.pick((candidate) => !isFloat(candidate));
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
  plusTranspose: onFloats((entry, maker) => {
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
    const shape = maker.below(2) === 0 ? [first, size / first] : [first, second, size / first / second];
    return { ...entry, tensor: entry.tensor.reshape(shape) };
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
    const [w, b] = [maker.pick(isFloat) as Entry, maker.pick(isFloat) as Entry];
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
    const of = maker.pick(isFloat);
    const by = maker.pick(isFloat);
    if (!of || !by) return undefined;
    const [result] = grad(of.tensor.mul(0.25).tanh().sum(), [by.tensor]) as [Tensor];
    return { tensor: result.tanh(), exact: false, bound: 1 };
  },
} satisfies Record<string, Step>;
export type StepName = keyof typeof steps;

// Computations drawn by lot, of sizes at which vectors, tiles and cache lines have rests: for backends. Numbers stay so
// small, and what is compared or used as an index so exact, that rounding never makes more than a small difference.
import {
  type Computation,
  concat,
  grad,
  iota,
  type Shape,
  softmax,
  type Tensor,
  uniform,
} from '@neurite/core';
import type { NumbersByName } from '../runComputation.ts';
import { Inputs } from './case.ts';
import { Draw } from './draw.ts';

/** What was drawn by lot, the same for the same seed. */
export interface DrawnComputation {
  readonly computation: Computation;
  /** Of its inputs, by name. */
  readonly values: NumbersByName;
  /** How often it is to be run. */
  readonly steps: number;
}

const largest = 4000;

class Pool {
  readonly draw: Draw;
  readonly inputs: Inputs;
  /** Floats between −1 and 1. */
  readonly reals: Tensor[] = [];
  /** Whole float numbers, exact in every backend, between −8 and 8. */
  readonly wholes: Tensor[] = [];

  constructor(seed: number) {
    this.draw = new Draw(seed);
    this.inputs = new Inputs(seed);
    const shapes = Array.from({ length: 3 }, () => this.draw.shape(2));
    for (const shape of [...shapes, this.draw.shape(3), this.draw.shape(1), []]) {
      this.reals.push(this.inputs.add(shape));
      this.wholes.push(this.inputs.add(shape, { dtype: 'int32', low: -8, high: 9 }).cast('float32'));
      this.wholes.push(
        this.inputs.add(shape, { dtype: 'uint8', low: 0, high: 9, home: 'data' }).cast('float32'),
      );
    }
  }

  /** A real, rather a late one. */
  real(rank?: number): Tensor {
    const found = rank === undefined ? this.reals : this.reals.filter(({ shape }) => shape.length === rank);
    return found[Math.max(this.draw.below(found.length), this.draw.below(found.length))] as Tensor;
  }

  whole(): Tensor {
    return this.draw.one(this.wholes);
  }

  /** `tensor` cut, filled or stretched to `shape`. */
  fit(tensor: Tensor, shape: Shape): Tensor {
    const from = tensor.shape;
    const stretches =
      from.length <= shape.length &&
      from.every((size, i) => size === 1 || size === shape[shape.length - from.length + i]);
    if (stretches) return tensor.broadcastTo(shape);
    const size = shape.reduce((product, each) => product * each, 1);
    const flat = tensor.reshape([tensor.size]);
    return (tensor.size >= size ? flat.slice([0], [size]) : flat.pad([0], [size - tensor.size], 1)).reshape(
      shape,
    );
  }

  axis({ shape }: Tensor): number {
    return this.draw.below(shape.length);
  }

  rows(count: number): Tensor {
    const length = this.draw.size();
    return this.fit(this.whole(), [length])
      .abs()
      .minimum(count - 1)
      .cast('int32');
  }
}

/** Each gives a float; a tanh follows where it may be larger than 1. */
const steps: readonly ((pool: Pool) => Tensor | undefined)[] = [
  (pool) => pool.real().exp().reciprocal(),
  (pool) => pool.real().square().add(0.5).sqrt().log(),
  (pool) => pool.real().mul(3).sin().add(pool.real(0)),
  (pool) => pool.real().cos().sub(pool.real().sum()),
  (pool) => pool.real().sigmoid().abs().maximum(0.2),
  (pool) => pool.real().abs().add(0.1).pow(1.5),
  (pool) => {
    const x = pool.real();
    return x.mul(pool.fit(pool.real(), x.shape)).div(pool.fit(pool.real(), x.shape).square().add(1));
  },
  (pool) => {
    const x = pool.real();
    return pool.fit(pool.whole(), x.shape).greater(1).select(x, x.mul(-0.1));
  },
  (pool) => {
    const x = pool.whole();
    const y = pool.fit(pool.whole(), x.shape);
    return x
      .lessEqual(y)
      .cast('float32')
      .add(x.equal(y).select(y, x.floor().mul(0.5)));
  },
  (pool) => {
    const x = pool.real();
    const draw = uniform(x.shape, { seed: pool.draw.below(9), purpose: 'mask' });
    return draw.less(0.5).select(x.mul(2), 0).add(draw);
  },
  (pool) => pool.real().transpose(),
  (pool) =>
    pool.real(3).transpose(
      pool.draw.one([
        [0, 2, 1],
        [1, 0, 2],
        [2, 0, 1],
        [1, 2, 0],
      ]),
    ),
  (pool) => {
    const x = pool.real();
    const starts = x.shape.map((size) => pool.draw.below(size));
    return x.slice(
      starts,
      x.shape.map((size, axis) => pool.draw.between((starts[axis] as number) + 1, size)),
    );
  },
  (pool) => {
    const x = pool.real();
    const amount = (): number[] => x.shape.map(() => pool.draw.below(3));
    return x.pad(amount(), amount(), 0.5);
  },
  (pool) => {
    const x = pool.real(2);
    return concat([x, x.tanh(), x.mul(pool.real(0))], pool.axis(x));
  },
  (pool) => {
    const x = pool.real(3);
    return x.reshape([-1, x.shape[2] as number]);
  },
  (pool) => pool.real().reshape([-1]).mul(0.5),
  (pool) => {
    const x = pool.real(2 + pool.draw.below(2));
    return x.sum(pool.axis(x)).mul(0.3);
  },
  (pool) => {
    const x = pool.real(1 + pool.draw.below(3));
    return x.max(pool.axis(x));
  },
  (pool) => pool.real(3).square().sum([0, 2]).sqrt(),
  (pool) => softmax(pool.real(2)),
  (pool) => {
    const x = pool.real(2);
    return x.sub(x.max(1).reshape([-1, 1])).mul(x.mean(0));
  },
  (pool) => {
    const x = pool.whole();
    return x.shape.length === 0 ? undefined : x.argmax(pool.axis(x)).cast('float32');
  },
  (pool) => pool.real(2).gather(pool.rows(1)),
  (pool) => {
    const x = pool.real(2);
    return x.gather(pool.rows(x.shape[0] as number)).mul(0.7);
  },
  (pool) => pool.rows(5).oneHot(5).add(pool.real(0)),
  (pool) => {
    const { shape } = pool.real(2);
    return iota(shape, pool.draw.below(2)).cast('float32').mul(0.01).add(pool.fit(pool.real(), shape));
  },
  (pool) => {
    const x = pool.real(2);
    const y = pool.real(2);
    const k = x.shape[1] as number;
    const right = y.shape[1] === k ? y.transpose() : pool.fit(y, [k, pool.draw.size()]);
    return x.matmul(right).add(pool.fit(pool.real(1), [right.shape[1] as number]));
  },
  (pool) => {
    const x = pool.real(2);
    return x.transpose().matmul(x).mul(0.2);
  },
  (pool) => {
    const x = pool.real();
    const [gradient] = grad(x.mul(0.5).tanh().square().mean(), [pool.draw.one(pool.reals)]) as [Tensor];
    return gradient.mul(10);
  },
];

/** The computation of this number. */
export function drawComputation(seed: number): DrawnComputation {
  const pool = new Pool(seed);
  const { draw, inputs } = pool;
  const states = Array.from({ length: draw.below(4) }, (_, i) => {
    const shape = draw.one([pool.real(2).shape, draw.shape(1), []]);
    return inputs.add(shape, { home: 'state', name: `state${i}` });
  });
  pool.reals.push(...states);
  for (let i = 0; i < 12; i++) {
    const made = draw.one(steps)(pool);
    if (made && made.size <= largest) pool.reals.push(made.tanh());
  }
  const updates = new Map<Tensor, Tensor>();
  for (const state of states) {
    const change = pool.fit(draw.chance(0.3) ? draw.one(states) : pool.real(), state.shape);
    updates.set(state, draw.chance(0.7) ? state.mul(0.9).sub(change.mul(0.1)) : change.mul(0.5));
  }
  const outputs = Object.fromEntries(pool.reals.slice(-4).map((tensor, i) => [`output${i}`, tensor.mul(2)]));
  return { computation: { updates, outputs }, values: inputs.values, steps: draw.between(1, 3) };
}

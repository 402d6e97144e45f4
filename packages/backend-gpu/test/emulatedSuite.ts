// The suite for GPUs that a processor emulates: the same cases, but what compiles hundreds of shaders is left to one case of
// its kind, and subnormal numbers, which GPUs may take for zeros, are left out.
import { type Backend, placeholder, type Tensor } from '@neurite/core';
import { backendSuite, checkComputation } from '@neurite/testing';

type Case = ReturnType<typeof backendSuite>[number];

/** Cases that compile many kernels, of which others of their kind stay. */
const many =
  /matrices: A|by lot|a hundred programs|axes (0|1|2|0,2|1,2|0,1,2) of|(neg|square|sqrt|cos|sigmoid|abs|sign|floor|reciprocal), what|: (three layers|one example)|rows of (float32|int32)/;
/** Cases with subnormal numbers. */
const subnormal = /at their ends|with two floats/;

/** @param whole whether to leave out nothing but subnormal numbers. */
export function emulatedSuite(make: () => Backend, whole = false): Case[] {
  const cases = backendSuite(make).filter(({ name }) => !subnormal.test(name) && (whole || !many.test(name)));
  return [...cases, ends(make)];
}

const numbers = [0, -0, 1, -1, 0.5, 88.7, -88.7, 104, -104, 1e30, -1e30, Infinity, -Infinity, NaN];

function ends(make: () => Backend): Case {
  const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b] as const));
  const [x, y] = [placeholder('x', [pairs.length]), placeholder('y', [pairs.length])];
  const [angle, less] = [x.maximum(-1e4).minimum(1e4), x.less(y)];
  const outputs: Record<string, Tensor> = {
    div: x.div(y),
    select: less.select(x, y),
    less,
    add: x.add(y),
    sub: x.sub(y),
    mul: x.mul(y),
    maximum: x.maximum(y),
    minimum: x.minimum(y),
    equal: x.equal(y),
    notEqual: x.notEqual(y),
    greaterEqual: x.greaterEqual(y),
    sqrt: x.sqrt(),
    exp: x.exp(),
    log: x.log(),
    tanh: x.tanh(),
    sigmoid: x.sigmoid(),
    abs: x.abs(),
    sign: x.sign(),
    floor: x.floor(),
    reciprocal: x.reciprocal(),
    pow: x.abs().pow(y.maximum(-3).minimum(3)),
    sin: angle.sin(),
    cos: angle.cos(),
  };
  const values = { x: pairs.map(([a]) => a), y: pairs.map(([, b]) => b) };
  return {
    name: 'computes at the ends: infinities, NaN, zeros and huge numbers',
    run: () => checkComputation(make(), { outputs }, values),
  };
}

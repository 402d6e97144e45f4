// Sine and cosine of four float32 at once: x = n π/2 + r with |r| ≤ π/4, and polynomials in r after Cephes.
import type { Code, Local } from './code.ts';
import { Module } from './module.ts';
import { joinHalves, polynomial, pushDoubles, splat, splatInteger, unary, vectors } from './vectors.ts';

/** Up to here, n times the first part of π/2 is exact in double precision; beyond it, the host computes. */
const farthest = 2 ** 20;
/** π/2 in two parts, the first of which has 33 bits. */
const halfPi = [1.5707963267341256, 6.077100506506192e-11] as const;

export function trigonometric(name: 'sin' | 'cos'): Code {
  const { code, x } = unary();
  code.get(x).op('f32x4.abs');
  splat(code, farthest).op('f32x4.gt').op('v128.any_true').op('if', 0x7b);
  writeByHost(code, x, name);
  code.op('else');
  writeNear(code, x, name);
  return code.op('end');
}

/** Lane by lane: rare. */
function writeByHost(code: Code, x: Local, name: 'sin' | 'cos'): void {
  code.get(x);
  for (const lane of [0, 1, 2, 3]) {
    code.get(x).op('f32x4.extract_lane', lane).op('call', Module.host(name)).op('f32x4.replace_lane', lane);
  }
}

function writeNear(code: Code, x: Local, name: 'sin' | 'cos'): void {
  const { n, r, square, sine, cosine } = vectors(code, 'n', 'r', 'square', 'sine', 'cosine');
  writeReduction(code, x, n, r);
  code.get(r).get(r).op('f32x4.mul').set(square);
  polynomial(code, square, [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);
  code.get(square).op('f32x4.mul').get(r).op('f32x4.mul').get(r).op('f32x4.add').set(sine);
  polynomial(code, square, [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]);
  code.get(square).op('f32x4.mul').get(square).op('f32x4.mul').get(square);
  splat(code, 0.5).op('f32x4.mul').op('f32x4.sub');
  splat(code, 1).op('f32x4.add').set(cosine);
  // Which quarter: odd ones take the other function, the upper two turn the sign.
  code.get(n);
  if (name === 'cos') splatInteger(code, 1).op('i32x4.add');
  code.set(n).get(cosine).get(sine).get(n);
  splatInteger(code, 1).op('v128.and');
  splatInteger(code, 1).op('i32x4.eq').op('v128.bitselect').get(n);
  splatInteger(code, 2).op('v128.and').i32(30).op('i32x4.shl').op('v128.xor');
  if (name === 'cos') return;
  // sin x = x near 0, where the sum above would make −0 positive
  code.set(sine).get(x).get(sine).get(x).op('f32x4.abs');
  splat(code, 2 ** -12)
    .op('f32x4.lt')
    .op('v128.bitselect');
}

/** n, as integers, and r. In double precision, two lanes at a time: near a multiple of π/2 nearly all digits cancel. */
function writeReduction(code: Code, x: Local, n: Local, r: Local): void {
  const { angle, turns, nHigh, rHigh } = vectors(code, 'angle', 'turns', 'nHigh', 'rHigh');
  for (const half of ['low', 'high'] as const) {
    pushDoubles(code, x, half).tee(angle);
    code
      .op('f64.const', 2 / Math.PI)
      .op('f64x2.splat')
      .op('f64x2.mul')
      .op('f64x2.nearest')
      .tee(turns);
    code.op('i32x4.trunc_sat_f64x2_s_zero').set(half === 'low' ? n : nHigh);
    code.get(angle);
    for (const part of halfPi) {
      code.get(turns).op('f64.const', part).op('f64x2.splat').op('f64x2.mul').op('f64x2.sub');
    }
    code.op('f32x4.demote_f64x2_zero').set(half === 'low' ? r : rHigh);
  }
  joinHalves(code, n, nHigh).set(n);
  joinHalves(code, r, rHigh).set(r);
}

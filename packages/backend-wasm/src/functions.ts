// Elementary functions on four float32 at once: polynomials after Cephes (Moshier, 1984–2000). Largest error, in units of
// the last place, wherever the result is a normal number (test/functions.test.ts):
//   exp 1.0   log 0.9   tanh 1.4   sigmoid 1.5   sin, cos 1.6 (where |x| > 2²⁰ the host computes them)
// Smaller results are off by one unit of a subnormal number at most. The values at the ends are right: no NaN but from NaN
// and where there is no value, such as the logarithm of a negative number.
import type { Code } from './code.ts';
import type { Module } from './module.ts';
import { trigonometric } from './trigonometry.ts';
import { joinHalves, polynomial, pushDoubles, splat, splatInteger, unary, vectors } from './vectors.ts';

export type VectorFunction = 'exp' | 'log' | 'tanh' | 'sigmoid' | 'sin' | 'cos';

/** The functions of a module, made when they are first asked for. */
export class Functions {
  readonly #module: Module;
  readonly #known = new Map<VectorFunction, number>();

  constructor(module: Module) {
    this.#module = module;
  }

  /** The index of a function from v128 to v128. */
  index(name: VectorFunction): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const index = this.#module.add(this.#make(name), name);
    this.#known.set(name, index);
    return index;
  }

  #make(name: VectorFunction): Code {
    switch (name) {
      case 'exp':
        return exponential();
      case 'log':
        return logarithm();
      case 'tanh':
        return hyperbolicTangent(this.index('exp'));
      case 'sigmoid':
        return logistic(this.index('exp'));
      case 'sin':
        return trigonometric('sin');
      case 'cos':
        return trigonometric('cos');
      default:
        return name satisfies never;
    }
  }
}

/** 1.5 · 2²³, and its bits as an integer. */
const shifter = 12582912;
const shifterBits = 0x4b400000;

/** eˣ = 2ⁿ eʳ with n the nearest whole number to x / ln 2; 2ⁿ in two factors, so that subnormal results come out. */
function exponential(): Code {
  const { code, x } = unary();
  const { n, r, half, whole } = vectors(code, 'n', 'r', 'half', 'whole');
  code.get(x);
  splat(code, 89).op('f32x4.pmin'); // of NaN, NaN
  splat(code, -104).op('f32x4.pmax').tee(x);
  // Next to this number, whole numbers are all that there is, and its last bits are n.
  splat(code, Math.LOG2E).op('f32x4.mul');
  splat(code, shifter).op('f32x4.add').tee(whole);
  splat(code, shifter).op('f32x4.sub').set(n);
  // ln 2 in two parts, the first of which has few digits: n times it is exact
  code.get(x).get(n);
  splat(code, 0.693359375).op('f32x4.mul').op('f32x4.sub').get(n);
  splat(code, -2.1219444e-4).op('f32x4.mul').op('f32x4.sub').set(r);
  polynomial(
    code,
    r,
    [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 0.5],
  );
  code.get(r).get(r).op('f32x4.mul').op('f32x4.mul').get(r).op('f32x4.add');
  splat(code, 1).op('f32x4.add');
  code.get(whole);
  splatInteger(code, shifterBits).op('i32x4.sub').tee(n).i32(1).op('i32x4.shr_s').set(half);
  powerOfTwo(code, () => code.get(half));
  code.op('f32x4.mul');
  powerOfTwo(code, () => code.get(n).get(half).op('i32x4.sub'));
  return code.op('f32x4.mul');
}

/** 2ⁿ from the bits of its exponent. */
function powerOfTwo(code: Code, exponent: () => void): void {
  exponent();
  splatInteger(code, 127).op('i32x4.add').i32(23).op('i32x4.shl');
}

/** ln x = e ln 2 + ln m, with √½ ≤ m < √2. */
function logarithm(): Code {
  const { code, x } = unary();
  const { m, e, z, y, small, scaled } = vectors(code, 'm', 'e', 'z', 'y', 'small', 'scaled');
  // Subnormal numbers are first made 2²³ times as large.
  code.get(x);
  splat(code, 1.17549435e-38).op('f32x4.lt').set(small);
  code.get(x);
  splat(code, 8388608).op('f32x4.mul').get(x).get(small).op('v128.bitselect').tee(scaled);
  code.i32(23).op('i32x4.shr_u');
  splatInteger(code, 126).op('i32x4.sub').op('f32x4.convert_i32x4_s').get(small);
  splat(code, 23).op('v128.and').op('f32x4.sub').set(e);
  code.get(scaled);
  splatInteger(code, 0x007fffff).op('v128.and');
  splat(code, 0.5).op('v128.or').set(m); // ½ ≤ m < 1
  code.get(m);
  splat(code, Math.SQRT1_2).op('f32x4.lt').set(z);
  code.get(e).get(z);
  splat(code, 1).op('v128.and').op('f32x4.sub').set(e);
  code.get(m).get(m).get(z).op('v128.and').op('f32x4.add');
  splat(code, 1).op('f32x4.sub').set(m);
  code.get(m).get(m).op('f32x4.mul').set(z);
  polynomial(
    code,
    m,
    [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
      2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
  );
  code.get(m).op('f32x4.mul').get(z).op('f32x4.mul').get(e);
  splat(code, -2.1219444e-4).op('f32x4.mul').op('f32x4.add').get(z);
  splat(code, 0.5).op('f32x4.mul').op('f32x4.sub').get(m).op('f32x4.add').get(e);
  splat(code, 0.693359375).op('f32x4.mul').op('f32x4.add').set(y);
  // ln 0 = −∞, ln ∞ = ∞, the logarithm of a negative number or NaN is NaN.
  splat(code, Number.NEGATIVE_INFINITY).get(y).get(x);
  splat(code, 0).op('f32x4.eq').op('v128.bitselect').set(y);
  code.get(x).get(y).get(x);
  splat(code, Number.POSITIVE_INFINITY).op('f32x4.eq').op('v128.bitselect').set(y);
  splat(code, Number.NaN).get(y).get(x);
  splat(code, 0).op('f32x4.ge').op('v128.not');
  return code.op('v128.bitselect');
}

/** x + x³ P(x²) near 0, elsewhere ±(1 − 2 / (e^2|x| + 1)). */
function hyperbolicTangent(exp: number): Code {
  const { code, x } = unary();
  const { magnitude, square, near } = vectors(code, 'magnitude', 'square', 'near');
  code.get(x).get(x).op('f32x4.mul').set(square);
  polynomial(
    code,
    square,
    [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1],
  );
  code.get(square).op('f32x4.mul').get(x).op('f32x4.mul').get(x).op('f32x4.add').set(near);
  code.get(x).op('f32x4.abs').set(magnitude);
  code.get(near);
  splat(code, 1);
  splat(code, 2).get(magnitude).get(magnitude).op('f32x4.add').op('call', exp);
  splat(code, 1).op('f32x4.add').op('f32x4.div').op('f32x4.sub');
  code.get(magnitude);
  splat(code, 0.625).op('f32x4.lt').op('v128.bitselect').get(x);
  return splat(code, -0).op('v128.and').op('v128.or'); // the sign of x, of −0 too
}

/**
 * e⁻ˣ / (1 + e⁻ˣ) where x < 0, else 1 / (1 + e⁻ˣ), each with |x| in place of −x: small results keep their digits. The
 * quotient in double precision: three roundings would come to more than 2 ulp.
 */
function logistic(exp: number): Code {
  const { code, x } = unary();
  const { e, above, low } = vectors(code, 'e', 'above', 'low');
  code.get(x).op('f32x4.abs').op('f32x4.neg').op('call', exp).set(e);
  splat(code, 1).get(e).get(x);
  splat(code, 0).op('f32x4.ge').op('v128.bitselect').set(above);
  for (const half of ['low', 'high'] as const) {
    pushDoubles(code, above, half);
    pushDoubles(code, e, half);
    code.op('f64.const', 1).op('f64x2.splat').op('f64x2.add').op('f64x2.div').op('f32x4.demote_f64x2_zero');
    if (half === 'low') code.set(low);
  }
  code.set(e);
  return joinHalves(code, low, e);
}

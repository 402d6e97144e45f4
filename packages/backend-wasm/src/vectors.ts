// What functions on four float32 at once are put together from.
import { Code, type Local } from './code.ts';

/** Pushes the same number four times. */
export function splat(code: Code, value: number): Code {
  return code.op('f32.const', value).op('f32x4.splat');
}

export const splatInteger = (code: Code, value: number): Code => code.i32(value).op('i32x4.splat');

/** ((c₀ x + c₁) x + c₂) x … */
export function polynomial(code: Code, x: Local, coefficients: readonly number[]): void {
  const [first, ...rest] = coefficients as [number, ...number[]];
  splat(code, first);
  for (const coefficient of rest) {
    code.get(x).op('f32x4.mul');
    splat(code, coefficient).op('f32x4.add');
  }
}

/** A function from v128 to v128. */
export function unary(): { code: Code; x: Local } {
  const code = new Code(['v128'], 'v128');
  return { code, x: code.parameters[0] as Local };
}

/** `count` locals that hold vectors. */
export const vectors = <Names extends readonly string[]>(
  code: Code,
  ...names: Names
): { readonly [Name in Names[number]]: Local } =>
  Object.fromEntries(names.map((name) => [name, code.local('v128')])) as {
    readonly [Name in Names[number]]: Local;
  };

/** Pushes two of the four floats in double precision. */
export function pushDoubles(code: Code, vector: Local, half: 'low' | 'high'): Code {
  code.get(vector);
  if (half === 'high') {
    code.get(vector).op('i8x16.shuffle', 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  }
  return code.op('f64x2.promote_low_f32x4');
}

/** Pushes the first halves of two vectors as one. */
export const joinHalves = (code: Code, low: Local, high: Local): Code =>
  code.get(low).get(high).op('i8x16.shuffle', 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);

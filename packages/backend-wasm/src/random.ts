// The counter-based generator (core/src/scalar/generator.ts) as instructions.
import { generatorTable } from '@neurite/core/program';
import type { Code, Local } from './code.ts';
import { splatInteger, vectors } from './vectors.ts';

/** The round keys of a stream at the step that is on the stack, each in all lanes of a local. */
export function writeRoundKeys(code: Code, [high, low]: readonly [number, number]): Local[] {
  const { warmUp, additions } = generatorTable;
  const register = Array.from({ length: 6 }, () => code.local('i32'));
  const step = code.local('i32');
  code.set(step);
  [high >> 12, high & 4095, low >> 12, low & 4095].forEach((word, i) => {
    code.i32(word).set(register[i] as Local);
  });
  const [stepHigh, stepLow] = register.slice(4) as [Local, Local];
  code.get(step).i32(12).op('i32.shr_u').i32(4095).op('i32.and').set(stepHigh);
  code.get(step).i32(4095).op('i32.and').set(stepLow);
  const keys: Local[] = [];
  additions.forEach((addition, n) => {
    const oldest = register.shift() as Local;
    const newest = register.at(-1) as Local;
    code.get(newest).get(newest).plus(1).op('i32.mul').i32(6).op('i32.shr_u');
    code.plus(oldest).plus(addition).i32(4095).op('i32.and').set(oldest);
    register.push(oldest);
    if (n < warmUp || (n - warmUp) % 2 === 0) return;
    const key = code.local('v128');
    code.get(oldest).op('i32x4.splat').set(key);
    keys.push(key);
  });
  code.free(step, ...register);
  return keys;
}

/** Makes random integers of the four elements whose numbers are on the stack. */
export function writeDraw(code: Code, keys: readonly Local[]): void {
  const { high, low, first, second } = vectors(code, 'high', 'low', 'first', 'second');
  let [left, right] = [first, second];
  code.tee(low).i32(12).op('i32x4.shr_u').tee(high).set(left);
  code.get(low);
  splatInteger(code, 4095).op('v128.and').tee(low).set(right);
  for (const key of keys) {
    code.get(right).get(right);
    splatInteger(code, 1).op('i32x4.add').op('i32x4.mul').i32(6).op('i32x4.shr_u');
    code.get(left).op('i32x4.add').get(key).op('i32x4.add');
    splatInteger(code, 4095).op('v128.and').set(left);
    [left, right] = [right, left];
  }
  code.get(left).get(high).op('i32x4.add');
  splatInteger(code, 4095).op('v128.and').i32(12).op('i32x4.shl');
  code.get(right).get(low).op('i32x4.add');
  splatInteger(code, 4095).op('v128.and').op('i32x4.add');
  code.free(high, low, first, second);
}

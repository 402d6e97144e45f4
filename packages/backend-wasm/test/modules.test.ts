// Modules as bytes and as text.
import { lower, placeholder } from '@neurite/core';
import { drawComputation } from '@neurite/testing';
import { describe, expect, it } from 'vitest';
import { relaxedSimd } from 'wasm-feature-detect';
import { disassemble, moduleOf, wasm } from '../src/index.ts';

const { capabilities } = wasm();
const x = placeholder('x', [5]);
const doubled = lower({ outputs: { y: x.add(x) } }, capabilities);

describe('modules', () => {
  it.each([{ threads: 1 }, { threads: 3, worthSharing: 1 }, { threads: 2, relaxed: true }])(
    'of programs drawn by lot are valid and can be printed: %j',
    async (options) => {
      if ('relaxed' in options && !(await relaxedSimd())) return;
      for (let seed = 0; seed < 25; seed++) {
        const bytes = moduleOf(lower(drawComputation(seed).computation, capabilities), options);
        expect(WebAssembly.validate(bytes), `seed ${seed}`).toBe(true);
        expect(disassemble(bytes)).toContain('(; run ;) (param i32 i32 i32 i32)');
      }
    },
  );

  it('run by themselves', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const module = new WebAssembly.Module(moduleOf(doubled));
    const instance = new WebAssembly.Instance(module, { neurite: { memory }, Math: Math as never });
    const numbers = new Float32Array(memory.buffer, 1024);
    numbers.set([1, 2, 3, 4, 5]);
    (instance.exports.run as (...numbers: number[]) => void)(1, 0, 1, 1);
    expect([...numbers.subarray(16, 21)]).toEqual([2, 4, 6, 8, 10]);
  });

  it('wait for each other where threads share the work, and only there', () => {
    const shared = disassemble(moduleOf(doubled, { threads: 2, worthSharing: 1 }));
    expect(shared).toContain('(memory 1 65536 shared)');
    expect(shared).toContain('memory.atomic.wait32 offset=4 align=4');
    expect(disassemble(moduleOf(doubled, { threads: 2 }))).not.toContain('atomic');
  });

  it('fuse multiplication and addition only where that is asked for', () => {
    const program = lower(
      { outputs: { y: placeholder('a', [8, 8]).matmul(placeholder('b', [8, 8])) } },
      capabilities,
    );
    expect(disassemble(moduleOf(program, { relaxed: true }))).toContain('f32x4.relaxed_madd');
    expect(disassemble(moduleOf(program))).not.toContain('relaxed');
  });

  it('take any label', () => {
    const kernels = doubled.kernels.map((kernel) => ({ ...kernel, label: '∂hidden1 → w\n;)' }));
    const bytes = moduleOf({ ...doubled, kernels });
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(disassemble(bytes)).toContain('(; map: ∂hidden1 → w ; ) ;)');
  });
});

describe('disassemble()', () => {
  it('shows what a program became', () => {
    expect(disassemble(moduleOf(doubled))).toMatchInlineSnapshot(`
      "(import "neurite" "memory" (memory 1 65536))
      (import "Math" "pow" (func 0 (param f32 f32) (result f32)))
      (import "Math" "sin" (func 1 (param f32) (result f32)))
      (import "Math" "cos" (func 2 (param f32) (result f32)))

      (export "run" (func 4))

      (func 3 (; map: map ;) (param i32 i32) (local i32 v128 v128)
        i32.const 0
        local.set 2
        loop
          local.get 2
          v128.load offset=1024
          local.tee 3
          local.get 3
          f32x4.add
          local.set 4
          local.get 2
          local.get 4
          v128.store offset=1088
          local.get 2
          i32.const 16
          i32.add
          local.tee 2
          i32.const 16
          i32.lt_s
          br_if 0
        end
        local.get 2
        v128.load32_splat offset=1024
        local.tee 4
        local.get 4
        f32x4.add
        local.set 3
        local.get 2
        local.get 3
        v128.store32_lane offset=1088 0
      )

      (func 4 (; run ;) (param i32 i32 i32 i32) (local i32)
        i32.const 0
        local.set 4
        block
          local.get 4
          local.get 0
          i32.ge_s
          br_if 0
          loop
            local.get 1
            i32.eqz
            if
              local.get 1
              local.get 2
              call 3
            end
            local.get 4
            i32.const 1
            i32.add
            local.tee 4
            local.get 0
            i32.lt_s
            br_if 0
          end
        end
      )"
    `);
  });

  it('refuses what this package did not make', () => {
    const refused = expect.objectContaining({ name: 'NeuriteError', code: 'data' });
    const bytes = moduleOf(doubled);
    expect(() => disassemble(new Uint8Array(8))).toThrow(refused);
    expect(() => disassemble(new TextEncoder().encode('(module)'))).toThrow(
      'these bytes are no WebAssembly module',
    );
    expect(() => disassemble(bytes.subarray(0, 40))).toThrow(refused);
    const strange = bytes.map((byte, i) => (byte === 0xfd && bytes[i + 1] === 0x0b ? 0x01 : byte)); // "nop"
    expect(() => disassemble(strange)).toThrow('no instruction of this package is written 1');
  });
});

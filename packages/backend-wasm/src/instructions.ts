// The instructions that the emitter uses: their names in the text format, their bytes, and what follows them.

/** What stands behind the bytes of an instruction. */
export type Immediate =
  | 'none'
  | 'index'
  | 'block'
  | 'memory'
  | 'memoryLane'
  | 'lane'
  | 'i32'
  | 'f32'
  | 'f64'
  | 'lanes';

export interface Instruction {
  readonly bytes: readonly number[];
  readonly immediate: Immediate;
}

const simd = (code: number): readonly number[] =>
  code < 128 ? [0xfd, code] : [0xfd, (code & 127) | 128, code >> 7];
const atomic = (code: number): readonly number[] => [0xfe, code];

type Row = readonly [name: string, bytes: readonly number[], immediate?: Immediate];

const rows = [
  ['unreachable', [0x00]],
  ['block', [0x02], 'block'],
  ['loop', [0x03], 'block'],
  ['if', [0x04], 'block'],
  ['else', [0x05]],
  ['end', [0x0b]],
  ['br', [0x0c], 'index'],
  ['br_if', [0x0d], 'index'],
  ['call', [0x10], 'index'],
  ['drop', [0x1a]],
  ['select', [0x1b]],
  ['local.get', [0x20], 'index'],
  ['local.set', [0x21], 'index'],
  ['local.tee', [0x22], 'index'],
  ['f32.load', [0x2a], 'memory'],
  ['i32.load8_u', [0x2d], 'memory'],
  ['f32.store', [0x38], 'memory'],
  ['i32.const', [0x41], 'i32'],
  ['i64.const', [0x42], 'i32'],
  ['f32.const', [0x43], 'f32'],
  ['f64.const', [0x44], 'f64'],
  ['i32.eqz', [0x45]],
  ['i32.eq', [0x46]],
  ['i32.ne', [0x47]],
  ['i32.lt_s', [0x48]],
  ['i32.gt_s', [0x4a]],
  ['i32.ge_s', [0x4e]],
  ['f32.ne', [0x5c]],
  ['f32.gt', [0x5e]],
  ['i32.add', [0x6a]],
  ['i32.sub', [0x6b]],
  ['i32.mul', [0x6c]],
  ['i32.div_u', [0x6e]],
  ['i32.rem_u', [0x70]],
  ['i32.and', [0x71]],
  ['i32.or', [0x72]],
  ['i32.shl', [0x74]],
  ['i32.shr_u', [0x76]],
  ['f64.add', [0xa0]],
  ['f32.demote_f64', [0xb6]],
  ['f64.promote_f32', [0xbb]],
  ['v128.load', simd(0x00), 'memory'],
  ['v128.load32_splat', simd(0x09), 'memory'],
  ['v128.store', simd(0x0b), 'memory'],
  ['v128.const', simd(0x0c), 'lanes'],
  ['i8x16.shuffle', simd(0x0d), 'lanes'],
  ['i32x4.splat', simd(0x11)],
  ['f32x4.splat', simd(0x13)],
  ['f64x2.splat', simd(0x14)],
  ['i32x4.extract_lane', simd(0x1b), 'lane'],
  ['i32x4.replace_lane', simd(0x1c), 'lane'],
  ['f32x4.extract_lane', simd(0x1f), 'lane'],
  ['f32x4.replace_lane', simd(0x20), 'lane'],
  ['f64x2.extract_lane', simd(0x21), 'lane'],
  ['i32x4.eq', simd(0x37)],
  ['i32x4.ne', simd(0x38)],
  ['i32x4.lt_s', simd(0x39)],
  ['i32x4.gt_s', simd(0x3b)],
  ['i32x4.le_s', simd(0x3d)],
  ['i32x4.ge_s', simd(0x3f)],
  ['f32x4.eq', simd(0x41)],
  ['f32x4.ne', simd(0x42)],
  ['f32x4.lt', simd(0x43)],
  ['f32x4.gt', simd(0x44)],
  ['f32x4.le', simd(0x45)],
  ['f32x4.ge', simd(0x46)],
  ['v128.not', simd(0x4d)],
  ['v128.and', simd(0x4e)],
  ['v128.or', simd(0x50)],
  ['v128.xor', simd(0x51)],
  ['v128.bitselect', simd(0x52)],
  ['v128.any_true', simd(0x53)],
  ['v128.load32_lane', simd(0x56), 'memoryLane'],
  ['v128.store8_lane', simd(0x58), 'memoryLane'],
  ['v128.store16_lane', simd(0x59), 'memoryLane'],
  ['v128.store32_lane', simd(0x5a), 'memoryLane'],
  ['v128.store64_lane', simd(0x5b), 'memoryLane'],
  ['v128.load32_zero', simd(0x5c), 'memory'],
  ['v128.load64_zero', simd(0x5d), 'memory'],
  ['f32x4.demote_f64x2_zero', simd(0x5e)],
  ['f64x2.promote_low_f32x4', simd(0x5f)],
  ['f32x4.floor', simd(0x68)],
  ['f32x4.nearest', simd(0x6a)],
  ['i16x8.extend_low_i8x16_u', simd(0x89)],
  ['f64x2.nearest', simd(0x94)],
  ['i32x4.abs', simd(0xa0)],
  ['i32x4.neg', simd(0xa1)],
  ['i32x4.extend_low_i16x8_u', simd(0xa9)],
  ['i32x4.shl', simd(0xab)],
  ['i32x4.shr_s', simd(0xac)],
  ['i32x4.shr_u', simd(0xad)],
  ['i32x4.add', simd(0xae)],
  ['i32x4.sub', simd(0xb1)],
  ['i32x4.mul', simd(0xb5)],
  ['i32x4.min_s', simd(0xb6)],
  ['i32x4.max_s', simd(0xb8)],
  ['f32x4.abs', simd(0xe0)],
  ['f32x4.neg', simd(0xe1)],
  ['f32x4.sqrt', simd(0xe3)],
  ['f32x4.add', simd(0xe4)],
  ['f32x4.sub', simd(0xe5)],
  ['f32x4.mul', simd(0xe6)],
  ['f32x4.div', simd(0xe7)],
  ['f32x4.min', simd(0xe8)],
  ['f32x4.max', simd(0xe9)],
  ['f32x4.pmin', simd(0xea)],
  ['f32x4.pmax', simd(0xeb)],
  ['f64x2.add', simd(0xf0)],
  ['f64x2.sub', simd(0xf1)],
  ['f64x2.mul', simd(0xf2)],
  ['f64x2.div', simd(0xf3)],
  ['i32x4.trunc_sat_f32x4_s', simd(0xf8)],
  ['i32x4.trunc_sat_f32x4_u', simd(0xf9)],
  ['f32x4.convert_i32x4_s', simd(0xfa)],
  ['i32x4.trunc_sat_f64x2_s_zero', simd(0xfc)],
  ['f32x4.relaxed_madd', simd(0x105)],
  ['memory.atomic.notify', atomic(0x00), 'memory'],
  ['memory.atomic.wait32', atomic(0x01), 'memory'],
  ['i32.atomic.load', atomic(0x10), 'memory'],
  ['i32.atomic.store', atomic(0x17), 'memory'],
  ['i32.atomic.rmw.add', atomic(0x1e), 'memory'],
] as const satisfies readonly Row[];

export type InstructionName = (typeof rows)[number][0];

/** Every instruction by name. */
export const instructions: ReadonlyMap<string, Instruction> = new Map(
  rows.map(([name, bytes, immediate]: Row) => [name, { bytes, immediate: immediate ?? 'none' }] as const),
);

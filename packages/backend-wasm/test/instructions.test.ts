// Every instruction of the table in a module of its own: a wrong byte makes it invalid, or does something else.

import { beforeAll, describe, expect, it } from 'vitest';
import { relaxedSimd } from 'wasm-feature-detect';
import { Code, type ValueType } from '../src/code.ts';
import { disassemble } from '../src/disassemble.ts';
import { type InstructionName, instructions } from '../src/instructions.ts';
import { Module } from '../src/module.ts';

const shuffle = [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23];
const forms: Readonly<Record<string, ValueType>> = {
  i32: 'i32',
  f32: 'f32',
  f64: 'f64',
  v128: 'v128',
  i8x16: 'v128',
  i16x8: 'v128',
  i32x4: 'v128',
  f32x4: 'v128',
  f64x2: 'v128',
};

/** How an instruction is used: what it takes, what it gives, and what stands behind it. */
interface Form {
  readonly takes: readonly ValueType[];
  readonly gives?: ValueType;
  readonly immediates?: readonly number[];
}

const comparison = /\.(eqz|eq|ne|lt|le|gt|ge)(_[su])?$/;
const scalars: Readonly<Record<string, ValueType>> = { i32x4: 'i32', f32x4: 'f32', f64x2: 'f64' };

/** The form that an instruction's name tells. */
function formOf(name: InstructionName): Form {
  const type = name.slice(0, name.indexOf('.'));
  const operation = name.slice(type.length + 1);
  const own = forms[type] as ValueType;
  const atomic = operation.startsWith('atomic') ? 2 : 0;
  if (/(load|store)\d+_lane/.test(operation)) {
    const gives = operation.startsWith('load') ? { gives: own } : {};
    return { takes: ['i32', 'v128'], ...gives, immediates: [4, 1] };
  }
  if (/load/.test(operation)) return { takes: ['i32'], gives: own, immediates: [4, atomic] };
  if (/store/.test(operation)) return { takes: ['i32', own], immediates: [4, atomic] };
  if (/rmw/.test(operation)) return { takes: ['i32', 'i32'], gives: 'i32', immediates: [4, atomic] };
  if (operation === 'const') return { takes: [], gives: own, immediates: own === 'v128' ? shuffle : [-2] };
  if (operation === 'shuffle') return { takes: ['v128', 'v128'], gives: 'v128', immediates: shuffle };
  if (operation === 'splat') return { takes: [scalars[type] as ValueType], gives: 'v128' };
  if (operation === 'extract_lane')
    return { takes: ['v128'], gives: scalars[type] as ValueType, immediates: [1] };
  if (operation === 'replace_lane')
    return { takes: ['v128', scalars[type] as ValueType], gives: 'v128', immediates: [1] };
  if (operation === 'any_true') return { takes: ['v128'], gives: 'i32' };
  if (operation === 'bitselect' || operation === 'relaxed_madd')
    return { takes: ['v128', 'v128', 'v128'], gives: 'v128' };
  if (/^(shl|shr_[su])$/.test(operation)) return { takes: [own, 'i32'], gives: own };
  const converted =
    /_(i32|f32|f64)(x\d)?(_[su])?(_zero)?$/.exec(operation) ?? /_(i8x16|i16x8)_[su]$/.exec(operation);
  if (converted) {
    const from = own === 'v128' ? 'v128' : (converted[1] as ValueType);
    return { takes: [from], gives: own };
  }
  if (/^(eqz)$/.test(operation)) return { takes: [own], gives: 'i32' };
  if (comparison.test(name)) return { takes: [own, own], gives: own === 'v128' ? 'v128' : 'i32' };
  if (/^(neg|abs|sqrt|floor|nearest|not)$/.test(operation)) return { takes: [own], gives: own };
  return { takes: [own, own], gives: own };
}

/** What the name does not tell. */
const special: Partial<Record<InstructionName, (code: Code) => Code>> = {
  unreachable: (code) => code.i32(0).op('if').op('unreachable').op('end'),
  block: (code) => code.op('block').op('end'),
  loop: (code) => code.op('loop').op('end'),
  if: (code) =>
    code
      .i32(1)
      .op('if', 0x7b)
      .op('v128.const', ...shuffle)
      .op('else')
      .op('v128.const', ...shuffle)
      .op('end')
      .op('drop'),
  else: (code) => code.i32(1).op('if').op('else').op('end'),
  end: (code) => code.op('block').op('end'),
  br: (code) => code.op('block').op('br', 0).op('end'),
  br_if: (code) => code.op('block').i32(0).op('br_if', 0).op('end'),
  call: (code) => code.op('f32.const', 1).op('call', Module.host('sin')).op('drop'),
  drop: (code) => code.i32(1).op('drop'),
  select: (code) => code.i32(1).i32(2).i32(3).op('select').op('drop'),
  'local.get': (code) => code.get(code.local('v128')).op('drop'),
  'local.set': (code) => code.i32(1).set(code.local('i32')),
  'local.tee': (code) => code.i32(1).tee(code.local('i32')).op('drop'),
  'i64.const': (code) => code.op('i64.const', -1).op('drop'),
  'memory.atomic.notify': (code) => code.i32(0).i32(1).op('memory.atomic.notify', 4, 2).op('drop'),
  'memory.atomic.wait32': (code) =>
    code.i32(0).i32(1).op('i64.const', 0).op('memory.atomic.wait32', 4, 2).op('drop'),
};

function write(code: Code, name: InstructionName): void {
  if (special[name]) {
    special[name](code);
    return;
  }
  const { takes, gives, immediates = [] } = formOf(name);
  for (const type of takes) code.get(code.local(type));
  code.op(name, ...immediates);
  if (gives) code.set(code.local(gives));
}

const names = [...instructions.keys()] as InstructionName[];
const moduleWith = (code: Code): Uint8Array<ArrayBuffer> => {
  const module = new Module();
  module.export(code, 'run');
  return module.toBytes({ initial: 1, maximum: 1, shared: true });
};

describe('the table of instructions', () => {
  let hasRelaxed = false;
  beforeAll(async () => {
    hasRelaxed = await relaxedSimd();
  });

  it.each(names)('%s is valid, and is what it is called', (name) => {
    const code = new Code();
    write(code, name);
    const bytes = moduleWith(code);
    const isKnown = hasRelaxed || !name.includes('relaxed');
    if (isKnown) expect(WebAssembly.validate(bytes)).toBe(true);
    expect(disassemble(bytes)).toMatch(new RegExp(`^ +${name.replace('.', '\\.')}( |$)`, 'm'));
  });

  it('names no bytes twice', () => {
    const bytes = [...instructions.values()].map((instruction) => instruction.bytes.join(' '));
    expect(new Set(bytes).size).toBe(bytes.length);
  });

  const meant = names.filter((name) => meaningOf(name));
  it.each(meant)('%s computes what it says', (name) => {
    const meaning = meaningOf(name) as Meaning;
    const { takes, gives } = formOf(name) as Required<Form>;
    const Lanes = laneTypes[name.slice(0, name.indexOf('.'))] as LaneType;
    const a = Lanes === Int32Array ? [7, -3, 7, 2 ** 31 - 1] : [7.5, -3, 0.25, 7.5];
    const b = a.toReversed();
    const bytes = execute(
      name,
      [a, b].slice(0, takes.length).map((numbers) => Lanes.from(numbers)),
    );
    const count = gives === 'v128' ? 16 / Lanes.BYTES_PER_ELEMENT : 1;
    const expected = a.slice(0, count).map((x, i) => meaning(x, b[i] as number));
    if (comparison.test(name)) {
      const truth = gives === 'v128' ? -1 : 1;
      expect([...new Int32Array(bytes, 0, count)]).toEqual(expected.map((each) => (each ? truth : 0)));
    } else {
      expect([...new Lanes(bytes, 0, count)]).toEqual([...Lanes.from(expected.map(Number))]);
    }
  });

  it('gives most instructions a meaning', () => {
    expect(meant.length).toBeGreaterThan(45);
  });
});

type Meaning = (a: number, b: number) => number | boolean;
type LaneType = typeof Float32Array | typeof Float64Array | typeof Int32Array;

const laneTypes: Readonly<Record<string, LaneType>> = {
  i32: Int32Array,
  i32x4: Int32Array,
  v128: Int32Array,
  f32: Float32Array,
  f32x4: Float32Array,
  f64: Float64Array,
  f64x2: Float64Array,
};

const meanings: Readonly<Record<string, Meaning>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  div_u: (a, b) => Math.trunc((a >>> 0) / (b >>> 0)),
  rem_u: (a, b) => (a >>> 0) % (b >>> 0),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  shl: (a, b) => a << b,
  shr_s: (a, b) => a >> b,
  shr_u: (a, b) => a >>> b,
  min: Math.min,
  min_s: Math.min,
  max: Math.max,
  pmin: (a, b) => (b < a ? b : a),
  pmax: (a, b) => (a < b ? b : a),
  max_s: Math.max,
  eqz: (a) => a === 0,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  lt_s: (a, b) => a < b,
  le: (a, b) => a <= b,
  le_s: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gt_s: (a, b) => a > b,
  ge: (a, b) => a >= b,
  ge_s: (a, b) => a >= b,
  neg: (a) => -a,
  abs: Math.abs,
  sqrt: Math.sqrt,
  floor: Math.floor,
  nearest: (a) =>
    2 * Math.round(a / 2 - 0.25 * Math.sign(a % 1)) + (Number.isInteger(a) ? a - 2 * Math.round(a / 2) : 0),
};

/** What an instruction on numbers of one type computes, lane by lane. */
function meaningOf(name: InstructionName): Meaning | undefined {
  const operation = name.slice(name.indexOf('.') + 1);
  const isShiftOfLanes = name.includes('x4.sh');
  return special[name] || isShiftOfLanes ? undefined : meanings[operation];
}

const lanes = { i32: 'i32x4', f32: 'f32x4', f64: 'f64x2' } as const;

/** Executes an instruction on numbers in memory: the bytes of its result. */
function execute(
  name: InstructionName,
  operands: readonly (Float32Array | Float64Array | Int32Array)[],
): ArrayBuffer {
  const { takes, gives } = formOf(name) as Required<Form>;
  const code = new Code();
  code.i32(64);
  takes.forEach((type, i) => {
    code.i32(16 * i).op('v128.load', 0);
    if (type !== 'v128') code.op(`${lanes[type]}.extract_lane`, 0);
  });
  code.op(name);
  if (gives !== 'v128') code.op(`${lanes[gives as 'i32']}.splat`);
  code.op('v128.store', 0);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  operands.forEach((operand, i) => {
    new Uint8Array(memory.buffer, 16 * i, operand.byteLength).set(new Uint8Array(operand.buffer));
  });
  const module = new WebAssembly.Module(moduleWith(code));
  const instance = new WebAssembly.Instance(module, { neurite: { memory }, Math: Math as never });
  (instance.exports.run as () => void)();
  return new Uint8Array(memory.buffer).slice(64, 80).buffer;
}

// A module as text, function per function: for the curious, and for tests. Knows what this package writes, no more.
import { NeuriteError } from '@neurite/core/program';
import { valueTypes } from './code.ts';
import { type InstructionName, instructions } from './instructions.ts';
import { Reader } from './reader.ts';

const names = new Map(Object.entries(valueTypes).map(([name, byte]) => [byte, name]));
const byBytes = new Map(
  [...instructions].map(([name, { bytes }]) => [bytes.join(), name as InstructionName]),
);

/** Instructions that begin with one of these bytes have a number behind it. */
const prefixes = [0xfc, 0xfd, 0xfe];
/** Identifiers of sections. */
const section = { custom: 0, types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;

/**
 * The text form of a module that `moduleOf` made: near to WebAssembly's own, with functions by number and name.
 *
 * @throws NeuriteError `data` where the bytes are no such module.
 * @example
 * console.log(disassemble(moduleOf(program)));
 */
export function disassemble(bytes: Uint8Array): string {
  const reader = new Reader(bytes);
  if (reader.take(8).join() !== '0,97,115,109,1,0,0,0') fail('these bytes are no WebAssembly module');
  const sections = new Map<number, Reader>();
  while (!reader.atEnd) sections.set(reader.byte(), reader.part());
  const of = <T>(id: number, read: (reader: Reader) => T): T[] => sections.get(id)?.list(read) ?? [];

  const types = of(section.types, signature);
  const imports = of(section.imports, (from) => importLine(from, types));
  const imported = imports.filter((line) => line.includes('(func ')).length;
  const functions = of(section.functions, (from) => types[from.unsigned()] as string);
  const exported = of(section.exports, (from) => `(export "${from.text()}" (func ${exportIndex(from)}))`);
  const labels = functionNames(sections.get(section.custom));
  const bodies = of(section.code, (from) => from.part()).map((body, i) => {
    const label = labels.get(imported + i);
    const comment = label && `(; ${label.replace(/\s/g, ' ').replaceAll(';)', '; )')} ;)`;
    const head = ['(func', `${imported + i}`, comment, functions[i], locals(body)];
    return [head.filter(Boolean).join(' '), ...instructionLines(body), ')'].join('\n');
  });
  return [numbered(imports), exported.join('\n'), ...bodies].join('\n\n');
}

function fail(what: string): never {
  throw new NeuriteError('data', `disassemble: ${what}`);
}

const typeName = (byte: number): string => names.get(byte) ?? fail(`${byte} is no type of a value`);

/** (param i32 i32) (result v128) */
function signature(reader: Reader): string {
  reader.byte(); // a function's type
  const list = (what: string): string => {
    const types = reader.list((from) => typeName(from.byte()));
    return types.length === 0 ? '' : `(${what} ${types.join(' ')})`;
  };
  return [list('param'), list('result')].filter(Boolean).join(' ');
}

function importLine(reader: Reader, types: readonly string[]): string {
  const from = `(import "${reader.text()}" "${reader.text()}"`;
  if (reader.byte() === 0) return `${from} (func # ${types[reader.unsigned()]}))`;
  const isShared = (reader.byte() & 2) !== 0;
  return `${from} (memory ${reader.unsigned()} ${reader.unsigned()}${isShared ? ' shared' : ''}))`;
}

/** Functions among imports have numbers too. */
function numbered(imports: readonly string[]): string {
  let count = 0;
  return imports.map((line) => line.replace('#', () => `${count++}`)).join('\n');
}

function exportIndex(reader: Reader): number {
  reader.byte(); // a function
  return reader.unsigned();
}

/** From the section of names, if there is one. */
function functionNames(reader: Reader | undefined): ReadonlyMap<number, string> {
  if (!reader) return new Map();
  reader.text(); // "name"
  reader.byte(); // of functions
  return new Map(reader.part().list((from) => [from.unsigned(), from.text()] as const));
}

/** (local i32 i32 v128) */
function locals(body: Reader): string {
  const groups = body.list((from) => new Array<number>(from.unsigned()).fill(from.byte()).map(typeName));
  return groups.length === 0 ? '' : `(local ${groups.flat().join(' ')})`;
}

function instructionLines(body: Reader): string[] {
  const lines: string[] = [];
  let depth = 1;
  for (;;) {
    const name = instruction(body);
    if (name === 'end' && body.atEnd) return lines;
    if (name === 'end' || name === 'else') depth -= 1;
    lines.push(`${'  '.repeat(depth)}${[name, ...immediates(name, body)].join(' ')}`);
    if (['block', 'loop', 'if', 'else'].includes(name)) depth += 1;
  }
}

function instruction(body: Reader): InstructionName {
  const first = body.byte();
  const bytes = prefixes.includes(first) ? [first, ...body.numberBytes()] : [first];
  return byBytes.get(bytes.join()) ?? fail(`no instruction of this package is written ${bytes.join(' ')}`);
}

function immediates(name: InstructionName, body: Reader): (string | number)[] {
  const { immediate } = instructions.get(name) as NonNullable<ReturnType<typeof instructions.get>>;
  const memory = (): string[] => {
    const alignment = body.unsigned();
    const offset = body.unsigned();
    return [offset > 0 && `offset=${offset}`, alignment > 0 && `align=${2 ** alignment}`].filter(
      (part) => part !== false,
    );
  };
  switch (immediate) {
    case 'none':
      return [];
    case 'index':
      return [body.unsigned()];
    case 'block': {
      const type = body.byte();
      return type === 0x40 ? [] : [`(result ${typeName(type)})`];
    }
    case 'memory':
      return memory();
    case 'memoryLane':
      return [...memory(), body.byte()];
    case 'lane':
      return [body.byte()];
    case 'lanes':
      return [...body.take(16)];
    case 'i32':
      return [body.signed()];
    case 'f32':
      return [body.float32()];
    case 'f64':
      return [body.float64()];
    default:
      return immediate satisfies never;
  }
}

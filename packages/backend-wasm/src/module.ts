// A module: functions that work on one imported memory.
import { type Bytes, list, section, text, unsigned } from './bytes.ts';
import { type Code, type ValueType, valueTypes } from './code.ts';

export interface MemoryLimits {
  /** In pages of 64 KiB. */
  readonly initial: number;
  readonly maximum: number;
  readonly shared: boolean;
}

/** Functions of the host's `Math`. They come first in the count of functions. */
const imported = [
  { name: 'pow', parameters: ['f32', 'f32'] },
  { name: 'sin', parameters: ['f32'] },
  { name: 'cos', parameters: ['f32'] },
] as const;
export type HostFunction = (typeof imported)[number]['name'];

export class Module {
  /** The index of a function of the host, from float32 to float32. */
  static host(name: HostFunction): number {
    return imported.findIndex((each) => each.name === name);
  }

  readonly #functions: Code[] = [];
  readonly #names: [index: number, name: string][] = [];
  readonly #exports: [index: number, name: string][] = [];

  /** Adds a function and gives its index, for `call`. The name is for profilers, debuggers and `disassemble`. */
  add(code: Code, name: string): number {
    const index = imported.length + this.#functions.push(code) - 1;
    this.#names.push([index, name]);
    return index;
  }

  /** Adds a function that the host calls. */
  export(code: Code, name: string): void {
    this.#exports.push([this.add(code, name), name]);
  }

  toBytes(memory: MemoryLimits): Bytes {
    const signatures = new Map<string, number>();
    const types: number[][] = [];
    const typeOf = (parameters: readonly ValueType[], result: ValueType | undefined): number => {
      const bytes = [
        0x60,
        ...list(parameters.map((type) => [valueTypes[type]])),
        ...list(result ? [[valueTypes[result]]] : []),
      ];
      const known = signatures.get(bytes.join());
      if (known !== undefined) return known;
      signatures.set(bytes.join(), types.length);
      return types.push(bytes) - 1;
    };
    const imports = imported.map(({ name, parameters }) => [
      ...text('Math'),
      ...text(name),
      0,
      ...unsigned(typeOf(parameters, 'f32')),
    ]);
    const functionTypes = this.#functions.map(({ parameters, result }) =>
      unsigned(
        typeOf(
          parameters.map(({ type }) => type),
          result,
        ),
      ),
    );
    const limits = [memory.shared ? 3 : 1, ...unsigned(memory.initial), ...unsigned(memory.maximum)];
    return new Uint8Array([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, list(types)),
      ...section(2, list([[...text('neurite'), ...text('memory'), 2, ...limits], ...imports])),
      ...section(3, list(functionTypes)),
      ...section(7, list(this.#exports.map(([index, name]) => [...text(name), 0, ...unsigned(index)]))),
      ...section(10, list(this.#functions.map((code) => code.toBytes()))),
      ...section(0, [...text('name'), ...section(1, list(this.#names.map(nameEntry)))]),
    ]);
  }
}

const nameEntry = ([index, name]: readonly [number, string]): number[] => [...unsigned(index), ...text(name)];

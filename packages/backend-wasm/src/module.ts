// A module: functions that work on one imported memory.
import { list, section, text, unsigned } from './bytes.ts';
import { type Code, type ValueType, valueTypes } from './code.ts';

export interface MemoryLimits {
  /** In pages of 64 KiB. */
  readonly initial: number;
  readonly maximum: number;
  readonly shared: boolean;
}

/** The host's functions come first in the count of functions: x ** y. */
const power = { index: 0, parameters: ['f32', 'f32'], result: 'f32' } as const;

export class Module {
  /** Index of the imported x ** y. */
  static readonly power = power.index;
  readonly #functions: Code[] = [];
  readonly #exports: { readonly name: string; readonly index: number }[] = [];

  /** Adds a function and gives its index, for `call`. */
  add(code: Code, exportName?: string): number {
    const index = this.#functions.push(code); // after the imported one
    if (exportName) this.#exports.push({ name: exportName, index });
    return index;
  }

  toBytes(memory: MemoryLimits): Uint8Array<ArrayBuffer> {
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
    const powerType = unsigned(typeOf(power.parameters, power.result));
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
      ...section(
        2,
        list([
          [...text('neurite'), ...text('memory'), 2, ...limits],
          [...text('neurite'), ...text('power'), 0, ...powerType],
        ]),
      ),
      ...section(3, list(functionTypes)),
      ...section(7, list(this.#exports.map(({ name, index }) => [...text(name), 0, ...unsigned(index)]))),
      ...section(10, list(this.#functions.map((code) => code.toBytes()))),
    ]);
  }
}

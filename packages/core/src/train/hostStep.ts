// A step on batches from the host. Tiny networks make one in a microsecond: all that does not change from batch to batch
// is found out before, so that a batch like those before it costs a check and a copy.
import type { Region } from '../program/program.ts';
import { type DType, dtypeOf, type NumberArray } from '../scalar/dtype.ts';
import { type Shape, sizeOf } from '../scalar/shape.ts';
import type { Compiled } from './compiled.ts';
import { allFinite, type Data, type DataForm, type Examples } from './data.ts';
import { writeExamples } from './programs.ts';
import type { Recipe } from './recipe.ts';
import type { Trainer } from './trainer.ts';

/** One array of a batch: what it must be to be taken as it is, and where it goes. */
interface Feed {
  readonly dtype: DType;
  readonly length: number;
  /** Class numbers are below this; undefined for other numbers, which are finite. */
  readonly classes: number | undefined;
  readonly region: Region;
}

export class HostStep {
  readonly #rows: number;
  readonly #form: DataForm;
  readonly #compiled: Compiled;
  readonly #loss: Region;
  /** Of networks with one input and one output, whose examples all count the same. */
  readonly #feeds: { readonly inputs: Feed; readonly targets: Feed } | undefined;

  constructor({ network, dtype }: Recipe, rows: number, form: DataForm, compiled: Compiled) {
    this.#rows = rows;
    this.#form = form;
    this.#compiled = compiled;
    this.#loss = compiled.region('loss') as Region;
    const feed = (name: string, type: DType, shape: Shape, classes?: number): Feed | undefined => {
      const region = compiled.region(`batch.${name}`);
      return region && { dtype: type, length: rows * sizeOf(shape), classes, region };
    };
    const isClasses = form.targets[0] === 'classes';
    const inputs = feed('inputs', form.inputs[0] as DType, network.input);
    const targets = isClasses
      ? feed('targets', 'int32', [], network.output.at(-1))
      : feed('targets', dtype, network.output);
    const isPlain = network.inputs.length === 1 && network.outputs.length === 1 && !form.weighted;
    this.#feeds = isPlain && inputs && targets ? { inputs, targets } : undefined;
  }

  /** Whether checked examples are of the form of its batches. */
  fits({ rows, form }: Examples): boolean {
    const own = this.#form;
    return (
      rows === this.#rows &&
      form.weighted === own.weighted &&
      form.inputs.every((dtype, i) => dtype === own.inputs[i]) &&
      form.targets.every((kind, i) => kind === own.targets[i])
    );
  }

  /** Writes a batch that need not be converted. False, with nothing written, where it must be looked at more closely. */
  take({ inputs, targets, weights }: Data): boolean {
    const feeds = this.#feeds;
    if (!feeds || weights !== undefined || !isReady(inputs, feeds.inputs) || !isReady(targets, feeds.targets))
      return false;
    const { executable } = this.#compiled;
    executable.write(feeds.inputs.region.buffer, inputs, feeds.inputs.region.offset);
    executable.write(feeds.targets.region.buffer, targets, feeds.targets.region.offset);
    return true;
  }

  /** Writes examples that fit. */
  write(examples: Examples, names: Trainer['names']): void {
    writeExamples(this.#compiled, 'batch', examples, names);
  }

  /** The program, for what else it must be told. */
  get compiled(): Compiled {
    return this.#compiled;
  }

  run(): Promise<void> | void {
    return this.#compiled.executable.run();
  }

  /** The loss that the batch had before the step. */
  readLoss(): Promise<NumberArray> | NumberArray {
    return this.#compiled.executable.read(this.#loss.buffer, this.#loss.offset, 1);
  }
}

function isReady(values: unknown, { dtype, length, classes }: Feed): values is NumberArray {
  if (dtypeOf(values) !== dtype || values instanceof Uint8ClampedArray) return false;
  const numbers = values as NumberArray;
  if (numbers.length !== length) return false;
  if (classes === undefined) return dtype === 'uint8' || allFinite(numbers);
  for (let i = 0; i < length; i++) {
    const label = numbers[i] as number;
    if (label < 0 || label >= classes) return false;
  }
  return true;
}

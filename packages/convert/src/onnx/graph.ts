// An ONNX graph while it is written: nodes, initializers, and the values that they give.
import type { DType } from '@neurite/core';
import { littleEndian } from '../bytes.ts';
import type { Attributes, ElementType, GraphProto, NodeProto, TensorProto, ValueInfoProto } from './proto.ts';
import { fixedSize, type Size } from './rows.ts';

/** What a node gives, an input, or an initializer. */
export interface Value {
  readonly name: string;
  readonly shape: readonly Size[];
  readonly type: ElementType;
}

export class Graph {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: (ValueInfoProto & Value)[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #taken: Set<string>;
  /** Constants, and sizes that depend on the rows: written once each. */
  readonly #known = new Map<string, Value>();
  /** Values that are outputs, and the names that they have as such. */
  readonly #outputNames = new Map<string, string>();
  #scope = '';

  /** @param reserved names that inputs, outputs and parameters will have. */
  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved);
  }

  /** What the nodes that are added from now on belong to: a layer. */
  within(scope: string | undefined): void {
    this.#scope = scope === undefined ? '' : `${scope}/`;
  }

  input(name: string, type: DType, shape: readonly Size[]): Value {
    const value = { name, type, shape, dims: printDims(shape) };
    this.#inputs.push(value);
    return value;
  }

  initializer(
    name: string,
    type: DType | 'int64',
    dims: readonly number[],
    numbers: ArrayLike<number>,
  ): Value {
    this.#initializers.push({ name, type, dims, bytes: littleEndian(type, numbers) });
    return { name, type, shape: dims.map(fixedSize) };
  }

  /** Numbers that are the same whatever the inputs are. */
  constant(type: DType | 'int64', dims: readonly number[], numbers: readonly number[]): Value {
    const printed = numbers.map((number) => (Object.is(number, -0) ? '-0' : number));
    return this.#once(`${type} [${dims}] ${printed}`, () =>
      this.initializer(this.#free('constant'), type, dims, numbers),
    );
  }

  node(
    operator: string,
    inputs: readonly Value[],
    { shape, type }: Pick<Value, 'shape' | 'type'>,
    attributes: Attributes = {},
  ): Value {
    const name = this.#free(`${this.#scope}${operator}`);
    this.#nodes.push({
      operator,
      name,
      inputs: inputs.map((each) => each.name),
      outputs: [name],
      attributes,
    });
    return { name, shape, type };
  }

  /** Sizes as an int64 vector: computed from the first input's where they depend on the rows. */
  sizes(sizes: readonly Size[]): Value {
    const vector = (part: keyof Size): Value =>
      this.constant(
        'int64',
        [sizes.length],
        sizes.map((size) => size[part]),
      );
    if (sizes.every(({ perRow }) => perRow === 0)) return vector('fixed');
    return this.#once(`sizes ${sizes.map(({ fixed, perRow }) => `${fixed} ${perRow}`)}`, () => {
      const form = { shape: [fixedSize(sizes.length)], type: 'int64' } as const;
      const scaled = this.node('Mul', [this.#rows(), vector('perRow')], form);
      return this.node('Add', [scaled, vector('fixed')], form);
    });
  }

  output(name: string, value: Value): void {
    const isFree = this.#nodes.some((node) => node.name === value.name) && !this.#outputNames.has(value.name);
    const own = isFree ? value : this.node('Identity', [value], value);
    this.#outputNames.set(own.name, name);
    this.#outputs.push({ name, type: value.type, dims: printDims(value.shape) });
  }

  /** The graph, without initializers that nothing reads. */
  finish(name: string): GraphProto {
    const read = new Set(this.#nodes.flatMap(({ inputs }) => inputs));
    const nameOf = (value: string): string => this.#outputNames.get(value) ?? value;
    return {
      name,
      nodes: this.#nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map(nameOf),
        outputs: node.outputs.map(nameOf),
      })),
      initializers: this.#initializers.filter((tensor) => read.has(tensor.name)),
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  /** How many rows there are, as [1]. */
  #rows(): Value {
    return this.#once('rows', () =>
      this.node(
        'Shape',
        this.#inputs.slice(0, 1),
        { shape: [fixedSize(1)], type: 'int64' },
        { start: 0, end: 1 },
      ),
    );
  }

  #once(key: string, make: () => Value): Value {
    const value = this.#known.get(key) ?? make();
    this.#known.set(key, value);
    return value;
  }

  #free(name: string): string {
    let free = name;
    for (let count = 2; this.#taken.has(free); count++) free = `${name}${count}`;
    this.#taken.add(free);
    return free;
  }
}

/** The rows are called "batch"; other sizes that depend on them have no name that says how. */
const printDims = (shape: readonly Size[]): (number | string)[] =>
  shape.map(({ fixed, perRow }) => {
    if (perRow === 0) return fixed;
    return perRow === 1 && fixed === 0 ? 'batch' : `batch * ${perRow} + ${fixed}`;
  });

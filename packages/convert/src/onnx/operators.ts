// From operations of the tensor graph to operators of ONNX, by what each operation says of itself: nothing here knows
// layers or activations, so that everybody's can be exported.
import { NeuriteError } from '@neurite/core';
import type { Graph, Value } from './graph.ts';
import { type Attributes, type ElementType, elementTypes } from './proto.ts';
import { dependsOnRows, fixedSize, isOne, type Node, type Size, sameSize } from './rows.ts';

type Op = Node['tensor']['op'];
type Of<Kind extends Op['kind']> = Op & { readonly kind: Kind };
type Scalar = Of<'map'>['operation'];

/** ONNX's operators for operations on single numbers, where it has one. */
const scalarOperators: Readonly<Record<Exclude<Scalar, 'square' | 'notEqual' | 'select' | 'cast'>, string>> =
  {
    add: 'Add',
    sub: 'Sub',
    mul: 'Mul',
    div: 'Div',
    pow: 'Pow',
    maximum: 'Max',
    minimum: 'Min',
    neg: 'Neg',
    sqrt: 'Sqrt',
    exp: 'Exp',
    log: 'Log',
    sin: 'Sin',
    cos: 'Cos',
    tanh: 'Tanh',
    sigmoid: 'Sigmoid',
    abs: 'Abs',
    sign: 'Sign',
    floor: 'Floor',
    reciprocal: 'Reciprocal',
    equal: 'Equal',
    less: 'Less',
    lessEqual: 'LessOrEqual',
    greater: 'Greater',
    greaterEqual: 'GreaterOrEqual',
  };
const comparisons: ReadonlySet<Scalar> = new Set([
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
]);

/** The values of nodes. A value may have 1 where its node is longer, and lack axes in front: ONNX stretches operands, too. */
export class Operators {
  readonly #graph: Graph;
  readonly #values: Map<Node, Value>;

  /** @param values of inputs. */
  constructor(graph: Graph, values: ReadonlyMap<Node, Value>) {
    this.#graph = graph;
    this.#values = new Map(values);
  }

  /** Adds what computes a node from its sources. */
  add(node: Node): void {
    const { op } = node.tensor;
    if (op.kind === 'constant' || this.#values.has(node)) return; // constants are written where they are read
    this.#values.set(node, this.#compute(node, op));
  }

  /** Adds one operator that computes a node from others. */
  addPattern(node: Node, operator: string, sources: readonly Node[]): void {
    const values = sources.map((source) => this.whole(source));
    this.#values.set(
      node,
      this.#graph.node(operator, values, { shape: node.shape, type: node.tensor.dtype }),
    );
  }

  /** The value of a node in its own shape and type. */
  whole(node: Node): Value {
    const value = this.#cast(this.#valueOf(node), node.tensor.dtype);
    const { shape } = node;
    const isWhole =
      shape.length === value.shape.length &&
      shape.every((size, axis) => sameSize(size, value.shape[axis] as Size));
    return isWhole
      ? value
      : this.#graph.node('Expand', [value, this.#graph.sizes(shape)], { ...value, shape });
  }

  #compute(node: Node, op: Exclude<Op, Of<'constant'>>): Value {
    switch (op.kind) {
      case 'map':
        return this.#map(node, op);
      case 'view':
        return this.#view(node, op);
      case 'reshape':
        return this.#reshape(node);
      case 'pieces':
        return this.#pieces(node, op);
      case 'reduce':
        return this.#reduce(node, op);
      case 'contract':
        return this.#withNumbers(
          'MatMul',
          node,
          node.sources.map((source) => this.whole(source)),
        );
      case 'gather':
        return this.#graph.node(
          'Gather',
          node.sources.map((source) => this.whole(source)),
          {
            shape: node.shape,
            type: node.tensor.dtype,
          },
        );
      case 'iota':
        return this.#iota(node, op);
      case 'input':
      case 'random':
        throw new NeuriteError('internal', `an exported network has no ${op.key}`);
      default:
        return op satisfies never;
    }
  }

  #valueOf(node: Node): Value {
    const { op, dtype } = node.tensor;
    if (op.kind !== 'constant') return this.#values.get(node) as Value;
    return this.#graph.constant(dtype, [], [node.number(({ op }) => (op as Of<'constant'>).value)]);
  }

  #map({ tensor, sources }: Node, { operation }: Of<'map'>): Value {
    const values = sources.map((source) => this.#valueOf(source));
    const shape = values.map((value) => value.shape).reduce(broadcast);
    const compare = (operator: string): Value =>
      this.#graph.node(
        operator,
        values.map((value) => this.#number(value)),
        { shape, type: 'bool' },
      );
    switch (operation) {
      case 'select': {
        const [condition, yes, no] = values as [Value, Value, Value];
        const operands = [
          this.#cast(condition, 'bool'),
          ...[yes, no].map((each) => this.#cast(each, tensor.dtype)),
        ];
        return this.#graph.node('Where', operands, { shape, type: tensor.dtype });
      }
      case 'cast':
        return this.#cast(values[0] as Value, tensor.dtype);
      case 'notEqual':
        return this.#graph.node('Not', [compare('Equal')], { shape, type: 'bool' });
      case 'square':
        return this.#arithmetic('Mul', shape, tensor.dtype, [values[0] as Value, values[0] as Value]);
      default:
        return comparisons.has(operation)
          ? compare(scalarOperators[operation])
          : this.#arithmetic(scalarOperators[operation], shape, tensor.dtype, values);
    }
  }

  /** What is stretched only stays as it is; otherwise a part, then another order of axes. */
  #view(node: Node, op: Of<'view'>): Value {
    const source = node.sources[0] as Node;
    const added = node.shape.length - source.shape.length;
    const index = op.sourceIndex(identity(node.shape.length), source.tensor);
    const axes = index.map(({ strides }) => strides.indexOf(1)); // of the result; −1: none
    const starts = index.map((_, axis) =>
      node.number(
        (tensor) =>
          (tensor.op as Of<'view'>).sourceIndex(
            identity(node.shape.length),
            tensor.sources[0] as Node['tensor'],
          )[axis]?.offset as number,
      ),
    );
    const isWhole = (axis: number): boolean =>
      sameSize(source.shape[axis] as Size, node.shape[axes[axis] as number] ?? fixedSize(1));
    const isStretched = axes.every(
      (axis, i) =>
        starts[i] === 0 && (axis === i + added ? isWhole(i) : axis < 0 && isOne(source.shape[i] as Size)),
    );
    if (isStretched) return this.#valueOf(source);
    if (added !== 0 || axes.includes(-1))
      throw new NeuriteError('unsupported', `there is no ONNX operator for ${op.key}`);
    let value = this.whole(source);
    const cut = axes.flatMap((_, axis) => (isWhole(axis) ? [] : [axis]));
    if (cut.length > 0) {
      const from = cut.map((axis) => fixedSize(starts[axis] as number));
      const to = cut.map((axis) => plus(node.shape[axes[axis] as number] as Size, starts[axis] as number));
      const shape = source.shape.map((_, axis) => node.shape[axes[axis] as number] as Size);
      const operands = [value, this.#graph.sizes(from), this.#graph.sizes(to), this.#axes(cut)];
      value = this.#graph.node('Slice', operands, { ...value, shape });
    }
    const perm = node.shape.map((_, axis) => axes.indexOf(axis));
    if (perm.every((from, to) => from === to)) return value;
    return this.#graph.node('Transpose', [value], { ...value, shape: node.shape }, { perm });
  }

  #reshape({ shape, sources }: Node): Value {
    const known = this.#valueOf(sources[0] as Node);
    if (known.shape.every(isOne) && known.shape.length <= shape.length) return known;
    const value = this.whole(sources[0] as Node);
    const unknown = shape.filter(({ perRow }) => perRow !== 0).length;
    const target = unknown === 1 ? shape.map((size) => (size.perRow === 0 ? size : fixedSize(-1))) : shape;
    return this.#graph.node('Reshape', [value, this.#graph.sizes(target)], { ...value, shape });
  }

  #pieces(node: Node, { axis, starts, fill }: Of<'pieces'>): Value {
    const values = node.sources.map((source) => this.whole(source));
    if (values.length > 1) return this.#withNumbers('Concat', node, values, { axis });
    const before = fixedSize(starts[0] as number);
    const after = minus(
      node.shape[axis] as Size,
      plus((node.sources[0] as Node).shape[axis] as Size, before.fixed),
    );
    const none = node.shape.map(() => fixedSize(0));
    const pads = [...none.with(axis, before), ...none.with(axis, after)];
    const value = this.#number(values[0] as Value);
    const filling = this.#graph.constant(value.type as 'float32', [], [fill]);
    const padded = this.#graph.node('Pad', [value, this.#graph.sizes(pads), filling], {
      ...value,
      shape: node.shape,
    });
    return this.#cast(padded, node.tensor.dtype);
  }

  #reduce(node: Node, { reduction, axes }: Of<'reduce'>): Value {
    const values = [this.whole(node.sources[0] as Node)];
    const keepdims = 0;
    switch (reduction) {
      case 'sum':
        return this.#withNumbers('ReduceSum', node, [...values, this.#axes(axes)], { keepdims });
      case 'max':
        return this.#withNumbers('ReduceMax', node, values, { keepdims, axes });
      case 'argmax': {
        const numbers = values.map((value) => this.#number(value));
        const form = { shape: node.shape, type: 'int64' } as const;
        const at = this.#graph.node('ArgMax', numbers, form, { keepdims, axis: axes[0] as number });
        return this.#cast(at, 'int32');
      }
      default:
        return reduction satisfies never;
    }
  }

  #iota({ shape, tensor }: Node, { axis }: Of<'iota'>): Value {
    const { fixed, perRow } = shape[axis] as Size;
    if (perRow !== 0) throw dependsOnRows();
    const dims = [fixed, ...tensor.shape.slice(axis + 1).map(() => 1)];
    return this.#graph.constant(
      'int32',
      dims,
      Array.from({ length: fixed }, (_, i) => i),
    );
  }

  #withNumbers(
    operator: string,
    { shape, tensor }: Node,
    values: readonly Value[],
    attributes?: Attributes,
  ): Value {
    return this.#arithmetic(operator, shape, tensor.dtype, values, attributes);
  }

  /** Whole numbers below 256 are computed with as int32, since runtimes know few operators for them. */
  #arithmetic(
    operator: string,
    shape: readonly Size[],
    dtype: ElementType,
    values: readonly Value[],
    attributes: Attributes = {},
  ): Value {
    const numbers = values.map((value) => this.#number(value));
    const type = dtype === 'uint8' ? 'int32' : dtype;
    return this.#cast(this.#graph.node(operator, numbers, { shape, type }, attributes), dtype);
  }

  #number(value: Value): Value {
    return value.type === 'bool' || value.type === 'uint8' ? this.#cast(value, 'int32') : value;
  }

  #cast(value: Value, type: ElementType): Value {
    if (value.type === type) return value;
    return this.#graph.node('Cast', [value], { ...value, type }, { to: elementTypes[type] });
  }

  #axes(axes: readonly number[]): Value {
    return this.#graph.constant('int64', [axes.length], axes);
  }
}

const plus = ({ fixed, perRow }: Size, more: number): Size => ({ fixed: fixed + more, perRow });
const minus = (a: Size, b: Size): Size => ({ fixed: a.fixed - b.fixed, perRow: a.perRow - b.perRow });

/** Each axis at its own counter. */
const identity = (rank: number): { offset: number; strides: number[] }[] =>
  Array.from({ length: rank }, (_, axis) => ({
    offset: 0,
    strides: Array.from({ length: rank }, (_each, other) => (other === axis ? 1 : 0)),
  }));

/** NumPy's broadcasting, of shapes that fit. */
function broadcast(a: readonly Size[], b: readonly Size[]): readonly Size[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const added = long.length - short.length;
  return long.map((size, axis) => (isOne(size) ? (short[axis - added] ?? size) : size));
}

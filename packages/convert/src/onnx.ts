// Trained networks as ONNX models.
import type { Network, Tensor } from '@neurite/core';
import { findPatterns } from './onnx/common.ts';
import { Graph, type Value } from './onnx/graph.ts';
import { Operators } from './onnx/operators.ts';
import { encodeModel } from './onnx/proto.ts';
import { fixedSize, type Node, rows, traceAnyRows } from './onnx/rows.ts';
import { layersOf, type NumberOptions, type Traced } from './trace.ts';
import { requireValues, type Values } from './values.ts';

export type { NumberOptions } from './trace.ts';
export type { Values } from './values.ts';

export interface OnnxOptions extends NumberOptions {
  /** What the graph is called. "network". */
  readonly name?: string | undefined;
  /** Texts that go along in the model's metadata, such as the names of classes. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** The version of the operators, and of the file format. */
const opset = 17;
const irVersion = 8;

/**
 * The network as it predicts, as an ONNX model: any number of rows, [batch, …input] → [batch, …output]. Inputs and outputs
 * are called as the network's, "input" and "output" where there is one; parameters keep their names. Layers and activations
 * of every package can be exported, since they are tensor operations, each of which has its operator.
 *
 * @param values parameters and layer state by name.
 * @returns the bytes of the model: opset 17.
 * @throws NeuriteError `name` or `shape` where values are missing or do not fit; `unsupported` where the network does
 * something else to a row for each number of rows, or draws random numbers.
 *
 * @example
 * const values = { ...(await trainer.readEvaluatedParameters()), ...(await trainer.readLayerState()) };
 * writeFileSync('digits.onnx', toOnnx(trainer.network, values));
 */
export function toOnnx(network: Network, values: Values, options: OnnxOptions = {}): Uint8Array {
  requireValues(network, values);
  const { trace, nodes, outputs } = traceAnyRows(network, options);
  const graph = new Graph(
    [...network.inputs, ...network.outputs, ...network.parameters, ...network.state].map(({ name }) => name),
  );
  const operators = new Operators(graph, given(network, values, trace, nodes, graph));
  const patterns = findPatterns(nodes, outputs);
  const layers = layersOf(trace);
  for (const node of nodes) {
    if (patterns.within.has(node)) continue;
    graph.within(layers.get(node.tensor));
    const pattern = patterns.at.get(node);
    if (pattern) operators.addPattern(node, pattern.operator, pattern.sources);
    else operators.add(node);
  }
  graph.within(undefined);
  network.outputs.forEach(({ name }, i) => {
    graph.output(name, operators.whole(outputs[i] as Node));
  });
  const { name = 'network', metadata = {} } = options;
  return encodeModel({ irVersion, opset, graph: graph.finish(name), metadata });
}

/** Inputs and parameters as the graph has them. */
function given(
  network: Network,
  numbers: Values,
  { inputs, values }: Traced,
  nodes: readonly Node[],
  graph: Graph,
): Map<Node, Value> {
  const known = new Map<Tensor, Value>();
  network.inputs.forEach(({ name, shape }, i) => {
    const tensor = inputs[i] as Tensor;
    known.set(tensor, graph.input(name, tensor.dtype, [rows, ...shape.map(fixedSize)]));
  });
  for (const [name, tensor] of values) {
    known.set(
      tensor,
      graph.initializer(name, tensor.dtype, tensor.shape, numbers[name] as ArrayLike<number>),
    );
  }
  return new Map(
    nodes.flatMap((node) => {
      const value = known.get(node.tensor);
      return value ? [[node, value] as const] : [];
    }),
  );
}

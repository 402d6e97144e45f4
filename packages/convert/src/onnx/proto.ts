// The messages of onnx.proto that a model is made of, and how they are written. Numbers of fields and of enumerations are
// those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
import { PbfWriter } from 'pbf';

/** TensorProto.DataType. */
export const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/** A whole number, or whole numbers. */
export type Attributes = Readonly<Record<string, number | readonly number[]>>;

export interface NodeProto {
  readonly operator: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}
export interface TensorProto {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Little-endian. */
  readonly bytes: Uint8Array;
}
export interface ValueInfoProto {
  readonly name: string;
  readonly type: ElementType;
  /** Sizes; names stand for sizes that are not known. */
  readonly dims: readonly (number | string)[];
}
export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
}
export interface ModelProto {
  readonly irVersion: number;
  readonly opset: number;
  readonly graph: GraphProto;
  readonly metadata: Readonly<Record<string, string>>;
}

export function encodeModel(model: ModelProto): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, model.irVersion);
  writer.writeStringField(2, 'neurite');
  writer.writeMessage(7, writeGraph, model.graph);
  writer.writeMessage(8, (opset, w) => w.writeVarintField(2, opset), model.opset);
  for (const entry of Object.entries(model.metadata)) writer.writeMessage(14, writeEntry, entry);
  return writer.finish();
}

function writeGraph(graph: GraphProto, writer: PbfWriter): void {
  for (const node of graph.nodes) writer.writeMessage(1, writeNode, node);
  writer.writeStringField(2, graph.name);
  for (const tensor of graph.initializers) writer.writeMessage(5, writeTensor, tensor);
  for (const input of graph.inputs) writer.writeMessage(11, writeValueInfo, input);
  for (const output of graph.outputs) writer.writeMessage(12, writeValueInfo, output);
}

function writeNode(node: NodeProto, writer: PbfWriter): void {
  for (const input of node.inputs) writer.writeStringField(1, input);
  for (const output of node.outputs) writer.writeStringField(2, output);
  writer.writeStringField(3, node.name);
  writer.writeStringField(4, node.operator);
  for (const attribute of Object.entries(node.attributes)) writer.writeMessage(5, writeAttribute, attribute);
}

function writeAttribute([name, value]: [string, number | readonly number[]], writer: PbfWriter): void {
  writer.writeStringField(1, name);
  if (typeof value === 'number') writer.writeVarintField(3, value);
  else for (const each of value) writer.writeVarintField(8, each);
  writer.writeVarintField(20, typeof value === 'number' ? 2 : 7); // AttributeType: INT, INTS
}

function writeTensor({ dims, type, name, bytes }: TensorProto, writer: PbfWriter): void {
  for (const size of dims) writer.writeVarintField(1, size);
  writer.writeVarintField(2, elementTypes[type]);
  writer.writeStringField(8, name);
  writer.writeBytesField(9, bytes);
}

function writeValueInfo({ name, type, dims }: ValueInfoProto, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeMessage(2, (_, w) => w.writeMessage(1, writeTensorType, { type, dims }), undefined);
}

function writeTensorType({ type, dims }: Pick<ValueInfoProto, 'type' | 'dims'>, writer: PbfWriter): void {
  writer.writeVarintField(1, elementTypes[type]);
  writer.writeMessage(
    2,
    (_, w) => dims.forEach((size) => void w.writeMessage(1, writeSize, size)),
    undefined,
  );
}

function writeSize(size: number | string, writer: PbfWriter): void {
  if (typeof size === 'number') writer.writeVarintField(1, size);
  else writer.writeStringField(2, size);
}

function writeEntry([key, value]: [string, string], writer: PbfWriter): void {
  writer.writeStringField(1, key);
  writer.writeStringField(2, value);
}

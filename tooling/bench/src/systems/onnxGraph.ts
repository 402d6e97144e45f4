// A training step as an ONNX graph, written out by hand: forward, backward and the update. Of the format, what that needs.
import { layersOf, type Problem } from '../rows.ts';

type Bytes = number[];

function varint(value: number): Bytes {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
const whole = (field: number, value: number): Bytes => [...varint(field << 3), ...varint(value)];
const block = (field: number, content: Bytes): Bytes =>
  [varint((field << 3) | 2), varint(content.length), content].flat();
const text = (field: number, value: string): Bytes => block(field, [...Buffer.from(value)]);

const float32 = 1;
const int64 = 7;
const integerAttribute = 2;

const node = (
  operator: string,
  inputs: string[],
  output: string,
  attributes: Record<string, number> = {},
): Bytes => [
  ...inputs.flatMap((name) => text(1, name)),
  ...text(2, output),
  ...text(4, operator),
  ...Object.entries(attributes).flatMap(([name, value]) =>
    block(5, [...text(1, name), ...whole(3, value), ...whole(20, integerAttribute)]),
  ),
];

const scalar = (name: string, value: number): Bytes => [
  ...whole(2, float32),
  ...text(8, name),
  ...block(9, [...new Uint8Array(Float32Array.of(value).buffer)]),
];
const axes = (name: string, value: number): Bytes => [
  ...whole(1, 1),
  ...whole(2, int64),
  ...text(8, name),
  ...block(9, [value, 0, 0, 0, 0, 0, 0, 0]),
];

const port = (name: string, shape: readonly number[]): Bytes => {
  const dimensions = shape.flatMap((length) => block(1, whole(1, length)));
  return [...text(1, name), ...block(2, block(1, [...whole(1, float32), ...block(2, dimensions)]))];
};

/** What the graph takes and gives each step: parameters `w0`, `b0` … and their velocities `w0.velocity` … */
export const statesOf = (sizes: readonly number[]): { name: string; shape: number[] }[] =>
  layersOf(sizes).flatMap(([fanIn, fanOut], layer) =>
    ['', '.velocity'].flatMap((what) => [
      { name: `w${layer}${what}`, shape: [fanIn, fanOut] },
      { name: `b${layer}${what}`, shape: [fanOut] },
    ]),
  );

/** Inputs: `x`, `y` (one-hot) and the states; outputs: `loss` and each state's successor, `next.` before its name. */
export function onnxStep({ sizes, batch, learningRate, momentum }: Problem): Uint8Array {
  const layers = layersOf(sizes);
  const last = layers.length - 1;
  const nodes: Bytes[] = [];
  const put = (...given: Parameters<typeof node>): string => {
    nodes.push(node(...given));
    return given[2];
  };

  const values = ['x'];
  for (const layer of layers.keys()) {
    const scores = put('Gemm', [values[layer] as string, `w${layer}`, `b${layer}`], `scores${layer}`);
    values.push(layer < last ? put('Relu', [scores], `values${layer}`) : scores);
  }
  const logs = put('LogSoftmax', [`scores${last}`], 'logs', { axis: 1 });
  const total = put('ReduceSum', [put('Mul', [logs, 'y'], 'picked')], 'total', { keepdims: 0 });
  put('Mul', [total, 'minusShare'], 'loss');

  let slope = put('Sub', [put('Exp', [logs], 'chances'), 'y'], 'difference');
  slope = put('Mul', [slope, 'share'], `slope${last}`);
  for (let layer = last; layer >= 0; layer--) {
    const before = values[layer] as string;
    put('Gemm', [before, slope], `w${layer}.gradient`, { transA: 1 });
    put('ReduceSum', [slope, 'rows'], `b${layer}.gradient`, { keepdims: 0 });
    if (layer > 0) {
      const back = put('Gemm', [slope, `w${layer}`], `back${layer}`, { transB: 1 });
      slope = put('Mul', [back, put('Sign', [before], `passes${layer}`)], `slope${layer - 1}`);
    }
    for (const name of [`w${layer}`, `b${layer}`]) {
      const kept = put('Mul', [`${name}.velocity`, 'momentum'], `${name}.kept`);
      const velocity = put('Add', [kept, `${name}.gradient`], `next.${name}.velocity`);
      put('Sub', [name, put('Mul', [velocity, 'rate'], `${name}.change`)], `next.${name}`);
    }
  }

  const states = statesOf(sizes);
  const inputs = [
    port('x', [batch, sizes[0] as number]),
    port('y', [batch, sizes.at(-1) as number]),
    ...states.map(({ name, shape }) => port(name, shape)),
  ];
  const outputs = [port('loss', []), ...states.map(({ name, shape }) => port(`next.${name}`, shape))];
  const constants = [
    scalar('share', 1 / batch),
    scalar('minusShare', -1 / batch),
    scalar('momentum', momentum),
    scalar('rate', learningRate),
    axes('rows', 0),
  ];
  const graph = [
    ...nodes.flatMap((each) => block(1, each)),
    ...text(2, 'step'),
    ...constants.flatMap((each) => block(5, each)),
    ...inputs.flatMap((each) => block(11, each)),
    ...outputs.flatMap((each) => block(12, each)),
  ];
  return new Uint8Array([...whole(1, 8), ...block(7, graph), ...block(8, whole(2, 17))]);
}

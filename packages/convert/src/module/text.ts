// The parts of a module that are written by hand: what it says of itself, its numbers, and `predict`.
import { type DType, type Network, type Port, printShape, sizeOf } from '@neurite/core';
import { littleEndian, toBase64 } from '../bytes.ts';
import { arrayNames } from './program.ts';

/** Names are somebody's text: they must not get out of the comment. */
const inComment = (text: string): string =>
  text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').replaceAll('*/', '* /');

export function printHeader(network: Network): string {
  const lines = [
    'A neural network, written by Neurite. predict() gives its outputs.',
    '',
    ...`${network.summary()}`.split('\n'),
  ];
  return lines.map((line) => `// ${inComment(line)}`.trimEnd()).join('\n');
}

/** Numbers as an array that begins the module. */
export function printNumbers(
  name: string,
  dtype: 'float32' | 'float64',
  numbers: readonly ArrayLike<number>[],
): string {
  const bytes = littleEndian(
    dtype,
    numbers.flatMap((each) => Array.from(each)),
  );
  return `const ${name} = numbersIn('${toBase64(bytes)}');`;
}

/** The function that reads what `printNumbers` writes. */
export function printDecoder(dtype: 'float32' | 'float64'): string {
  const size = dtype === 'float32' ? 4 : 8;
  return `
function numbersIn(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return ${arrayNames[dtype]}.from({ length: bytes.length / ${size} }, (_, i) => view.get${size === 4 ? 'Float32' : 'Float64'}(${size} * i, true));
}`;
}

const printPorts = (ports: readonly Port[]): string =>
  `[${ports.map(({ name, shape }) => `{ name: ${JSON.stringify(name)}, width: ${sizeOf(shape)} }`).join(', ')}]`;

/** The functions that users call. `rows`: as many as are computed at once. */
export function printPredict(
  { inputs, outputs }: Network,
  inputType: DType,
  outputType: DType,
  rows: number,
): string {
  const array = arrayNames[outputType];
  const describe = (ports: readonly Port[]): string =>
    ports.map(({ name, shape }) => `${inComment(name)} ${printShape(shape)}`).join(', ');
  const type = (ports: readonly Port[], each: string): string =>
    ports.length === 1 ? each : `Record<string, ${each}>`;
  return `
const inputs = ${printPorts(inputs)};
const outputs = ${printPorts(outputs)};

/**
 * @param {${type(inputs, 'ArrayLike<number>')}} given ${describe(inputs)}: ${inputType === 'uint8' ? 'whole numbers 0 … 255, ' : ''}row by row, any number of rows.
 * @returns {${type(outputs, array)}} ${describe(outputs)}: row by row.
 */
export function predict(given) {
  const sources = ${inputs.length === 1 ? '[given]' : 'inputs.map(({ name }) => given[name])'};
  const rows = sources[0].length / inputs[0].width;
  inputs.forEach(({ name, width }, i) => {
    if (Number.isInteger(rows) && rows > 0 && sources[i].length === rows * width) return;
    throw new RangeError(\`\${name} takes rows of \${width} numbers\${i > 0 ? \`, as many as \${inputs[0].name}\` : ''}, but got \${sources[i].length} numbers\`);
  });
  const results = outputs.map(({ width }) => new ${array}(rows * width));
  for (let row = 0; row < rows; ) {
    const taken = Math.min(rows - row, ${rows});
    const program = programFor(2 ** Math.ceil(Math.log2(taken)));
    inputs.forEach(({ width }, i) => {
      for (let j = 0; j < taken * width; j++) program.inputs[i][j] = sources[i][row * width + j];
    });
    program.run(1);
    outputs.forEach(({ width }, i) => {
      results[i].set(program.outputs[i].subarray(0, taken * width), row * width);
    });
    row += taken;
  }
  return ${outputs.length === 1 ? 'results[0]' : 'Object.fromEntries(outputs.map(({ name }, i) => [name, results[i]]))'};
}`;
}

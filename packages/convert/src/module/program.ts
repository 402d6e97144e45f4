// The prediction of so many rows as JavaScript: its memory, and the kernels that the CPU backend makes of it.
import { emitProgram } from '@neurite/backend-cpu/source';
import { type DType, lower, type Network, type Program, sizeOf, type Tensor } from '@neurite/core';
import { layersOf, type NumberOptions, traceNetwork } from '../trace.ts';

export const arrayNames: Readonly<Record<DType, string>> = {
  float32: 'Float32Array',
  float64: 'Float64Array',
  int32: 'Int32Array',
  uint8: 'Uint8Array',
};

/** The body of a function that gives `{ inputs, outputs, run }`: arrays in the order of the network's ports. */
export function printPrediction(network: Network, rows: number, options: NumberOptions): string {
  const { dtype = 'float32' } = options;
  const trace = traceNetwork(network, rows, options);
  const { inputs, outputs } = trace;
  const lengths = { parameters: total(network.parameters), layers: total(network.state) };
  const program = lower(
    {
      outputs: Object.fromEntries(outputs.map((output, i) => [`output ${i}`, output])),
      buffers: Object.fromEntries(
        Object.entries(lengths).flatMap(([name, length]) =>
          length > 0 ? [[name, { home: 'state', dtype, length }]] : [],
        ),
      ),
      labels: layersOf(trace),
    },
    { dtypes: ['float32', 'float64', 'int32', 'uint8'], inPlace: true },
  );
  const region = (name: string): string => {
    const buffer = program.names[name]?.buffer;
    return buffer === undefined ? 'undefined' : `buffers[${buffer}]`; // nothing reads it
  };
  const ins = network.inputs.map((_, i) => region((inputs[i] as Tensor & { op: { name: string } }).op.name));
  const outs = outputs.map((_, i) => region(`output ${i}`));
  return [
    `const scratch = new ArrayBuffer(${program.scratchBytes});`,
    `const buffers = [${program.buffers.map(printBuffer).join(', ')}];`,
    'const run = (() => {',
    emitProgram(program),
    '})();',
    `return { inputs: [${ins.join(', ')}], outputs: [${outs.join(', ')}], run };`,
  ].join('\n');
}

/** State is the module's, whatever number of rows it is used for. */
function printBuffer({ name, home, dtype, length, offset }: Program['buffers'][number]): string {
  if (home === 'state') return name;
  const range = home === 'scratch' ? `scratch, ${offset}, ${length}` : `${length}`;
  return `new ${arrayNames[dtype]}(${range})`;
}

const total = (parts: readonly { readonly shape: readonly number[] }[]): number =>
  parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

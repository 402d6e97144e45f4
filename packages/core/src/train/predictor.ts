// A network that only predicts: no loss, no optimizer, no gradient.
import { NeuriteError } from '../errors.ts';
import type { Network } from '../network/network.ts';
import type { Backend } from '../plugin/backend.ts';
import { isPluginValue } from '../plugin/definition.ts';
import { printValue } from '../plugin/options.ts';
import type { NamedBuffer } from '../program/layout.ts';
import type { NumberArray } from '../scalar/dtype.ts';
import { printShape, type Shape, sizeOf } from '../scalar/shape.ts';
import { type Compiled, compile } from './compiled.ts';
import { type Numbers, type NumbersByName, prepareInputs } from './data.ts';
import { type Forward, traceOutputs } from './forward.ts';
import { onlyOutput, outputsByName, predictRows } from './predict.ts';
import { layerStateTensors, parameterTensors } from './recipe.ts';

/** What `predictor` takes beside the network. */
export interface PredictorOptions {
  readonly backend: Backend;
  /** The numbers of every parameter by name, as `trainer.readParameters()` gives them. */
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
  /** What layers keep, by name, as `trainer.readLayerState()` gives it: needed where the network has any. */
  readonly layerState?: Readonly<Record<string, ArrayLike<number>>> | undefined;
  /** `float32`. */
  readonly dtype?: 'float32' | 'float64' | undefined;
}

/** A network with its numbers, compiled to predict. */
export interface Predictor {
  readonly network: Network;
  readonly backend: Backend;
  /**
   * The network's output: rows · outputs numbers, row by row.
   *
   * @param inputs rows of the network's input shape; by name where there are several inputs.
   * @throws NeuriteError `data` where they do not fit; `state` where there are several outputs: `predictAll` gives them.
   */
  predict(inputs: Numbers | NumbersByName): Promise<NumberArray>;
  /** The network's outputs by name, each row by row. */
  predictAll(inputs: Numbers | NumbersByName): Promise<Record<string, NumberArray>>;
  /** Gives all memory back, when what is computed at this moment is done; whatever is called afterwards throws. */
  release(): void;
}

/**
 * Compiles `network` to predict with given numbers. Its bundle holds no loss, no optimizer and no training.
 *
 * @throws NeuriteError `option`, `name` or `shape` where parameters or layer state are missing, unknown or of another
 * size; `unsupported` where the backend cannot compute in `dtype`.
 *
 * @example
 * const model = await predictor(network, { parameters, backend: cpu() });
 * const logits = await model.predict(images);
 */
export async function predictor(network: Network, options: PredictorOptions): Promise<Predictor> {
  const { backend, parameters, layerState, dtype = 'float32' } = options ?? {};
  if (!isPluginValue(backend) || backend.kind !== 'backend')
    throw new NeuriteError('option', `predictor takes a backend, but got ${printValue(backend)}`);
  if (!backend.capabilities.dtypes.includes(dtype)) {
    throw new NeuriteError(
      'unsupported',
      `backend "${backend.type}" computes in ${backend.capabilities.dtypes.join(', ')}, not in ${dtype}`,
    );
  }
  const forward: Forward = { network, dtype, seed: 0 };
  const numbers = {
    parameters: joined('parameters', network.parameters, parameters ?? {}),
    layers: joined('layerState', network.state, layerState ?? {}),
  };
  const buffers: Record<string, NamedBuffer> = {};
  for (const [name, { length }] of Object.entries(numbers))
    if (length > 0) buffers[name] = { home: 'state', dtype, length };
  const memory = await compile({ buffers }, backend);
  for (const [name, values] of Object.entries(numbers)) memory.write(name, values);

  const programs = new Map<string, Promise<Compiled>>();
  const values = new Map([...parameterTensors(forward), ...layerStateTensors(forward)]);
  let turn: Promise<unknown> = Promise.resolve();
  let released = false;

  const predictAll = (given: Numbers | NumbersByName): Promise<NumberArray[]> => {
    if (released)
      throw new NeuriteError('state', 'predict() was called after release(): make a new predictor');
    const { rows, inputs } = prepareInputs(given, network.inputs, dtype);
    const result = turn.then(() =>
      predictRows(network, dtype, rows, inputs, (size, dtypes) => {
        const key = `${size} ${dtypes}`;
        const known =
          programs.get(key) ?? compile(traceOutputs(forward, values, buffers, size, dtypes), backend, memory);
        programs.set(key, known);
        return known;
      }),
    );
    turn = result.catch(() => {}); // who called hears of it
    return result;
  };

  return {
    network,
    backend,
    predict: async (inputs) => {
      onlyOutput(network, []);
      return onlyOutput(network, await predictAll(inputs));
    },
    predictAll: async (inputs) => outputsByName(network, await predictAll(inputs)),
    release: () => {
      if (released) return;
      released = true;
      void turn.then(async () => {
        for (const program of programs.values()) (await program).executable.release();
        memory.executable.release();
      });
    },
  };
}

/** The numbers of all parts, one behind the other. */
function joined(
  what: string,
  parts: readonly { readonly name: string; readonly shape: Shape }[],
  given: Readonly<Record<string, ArrayLike<number>>>,
): Float64Array {
  const strange = Object.keys(given).find((name) => !parts.some((part) => part.name === name));
  if (strange !== undefined) {
    const names = parts.map(({ name }) => name).join(', ') || 'none';
    throw new NeuriteError('name', `predictor: ${what} has "${strange}", but the network has ${names}`);
  }
  const all = new Float64Array(parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  let offset = 0;
  for (const { name, shape } of parts) {
    const numbers = Object.hasOwn(given, name) ? given[name] : undefined;
    const size = sizeOf(shape);
    if (numbers?.length !== size) {
      throw new NeuriteError(
        'shape',
        `predictor: "${name}" takes ${size} numbers, ${printShape(shape)}, but got ${numbers?.length ?? printValue(numbers)}`,
      );
    }
    all.set(numbers, offset);
    offset += size;
  }
  return all;
}

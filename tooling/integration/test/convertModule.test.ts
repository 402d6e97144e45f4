// Modules without dependencies, of networks with every layer and activation: bit for bit what `predict` computes.
import * as activations from '@neurite/activations';
import { type ModuleOptions, toModule } from '@neurite/convert/module';
import { graph, type Network, type NumberArray, sequential, sizeOf, type Trainer } from '@neurite/core';
import * as layers from '@neurite/layers';
import { describe, expect, it } from 'vitest';
import { networkOfActivations, networkOfLayers, numbersFor, trainerOf, valuesOf } from './everyLayer.ts';

const { dense } = layers;

type Named = Record<string, NumberArray>;
interface Written {
  readonly predict: (inputs: unknown) => unknown;
  readonly classes?: readonly string[];
}

const load = (source: string): Promise<Written> =>
  import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`);

/** The bytes of numbers: 0 and −0 are two. */
const bits = ({ buffer, byteOffset, byteLength }: NumberArray): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

const draw = (network: Network, rows: number): Named =>
  Object.fromEntries(network.inputs.map(({ name, shape }) => [name, numbersFor(name, rows * sizeOf(shape))]));

async function compare(
  trainer: Trainer,
  written: Written,
  counts: readonly number[],
  inputsFor: (rows: number) => Named = (rows) => draw(trainer.network, rows),
): Promise<void> {
  const { inputs, outputs } = trainer.network;
  for (const rows of counts) {
    const named = inputsFor(rows);
    const given = inputs.length === 1 ? Object.values(named)[0]! : named;
    const wanted = await trainer.predictAll(given);
    const made = written.predict(given);
    const found = outputs.length === 1 ? { [outputs[0]!.name]: made } : (made as object);
    expect(Object.keys(found)).toEqual(Object.keys(wanted));
    for (const [name, numbers] of Object.entries(found as Named)) {
      expect(numbers.constructor).toBe(wanted[name]!.constructor);
      expect(bits(numbers).equals(bits(wanted[name]!)), `${name} of ${rows} rows`).toBe(true);
    }
  }
}

const write = async (trainer: Trainer, options?: ModuleOptions): Promise<Written> =>
  load(toModule(trainer.network, await valuesOf(trainer), options));

const counts = [1, 2, 3, 7, 16, 33, 257];

const deep = () =>
  sequential(
    [4, 3],
    [
      layers.flatten(),
      dense({ units: 20, activation: activations.relu() }),
      layers.batchNorm(),
      dense({ units: 17, activation: activations.gelu() }),
      dense({ units: 5, activation: activations.softmax() }),
    ],
  );

describe('a module computes what predict computes, bit for bit,', () => {
  it('with every activation', async () => {
    const trainer = await trainerOf(networkOfActivations());
    await compare(trainer, await write(trainer), counts);
  });

  it('with every layer', async () => {
    const trainer = await trainerOf(networkOfLayers());
    await compare(trainer, await write(trainer), counts);
  });

  it('in chains, of numbers and of bytes', async () => {
    const trainer = await trainerOf(deep());
    await compare(trainer, await write(trainer), counts);
    const bytes = (rows: number) => ({
      input: Uint8Array.from({ length: rows * 12 }, (_, i) => (i * 37) % 256),
    });
    await compare(trainer, await write(trainer, { inputs: 'bytes' }), [1, 5, 40], bytes);
  });

  it('in float64', async () => {
    const trainer = await trainerOf(deep(), 'float64');
    await compare(trainer, await write(trainer, { dtype: 'float64' }), [1, 5, 40], (rows) => ({
      input: Float64Array.from(numbersFor('input', rows * 12)),
    }));
  });

  it('row by row, where it takes one at a time', async () => {
    const trainer = await trainerOf(deep());
    const written = await write(trainer, { rows: 1 });
    await compare(trainer, written, [1]);
    const three = numbersFor('input', 36);
    const single = [0, 1, 2].map(
      (row) => written.predict(three.subarray(12 * row, 12 * row + 12)) as Float32Array,
    );
    expect(written.predict(three)).toEqual(Float32Array.from(single.flatMap((each) => [...each])));
  });
});

describe('the source of a module', () => {
  it('says what it is, has no imports, and shares text between numbers of rows', async () => {
    const network = deep();
    const trainer = await trainerOf(network);
    const source = toModule(network, await valuesOf(trainer), { classes: ['a', "b'\n"] });
    expect(source).toContain('// hidden1     dense      20');
    expect(source).not.toMatch(/import|require|new Function|eval/);
    expect(source.match(/function program\d+/g)!.length).toBeLessThan(6);
    expect((await load(source)).classes).toEqual(['a', "b'\n"]);
  });

  it('cannot be broken out of by names', async () => {
    const name = "x\n*/ throw new Error('out'); /* \u2028 ` ";
    const network = graph({ [name]: [2] }, (inputs, use) => ({
      [`${name}out`]: use(dense({ units: 2, name: `${name}layer` }), inputs[name]!),
    }));
    const trainer = await trainerOf(network);
    await compare(trainer, await write(trainer), [1, 2]);
  });

  it('is refused for numbers of rows that are no power of two', async () => {
    const network = sequential([1], [dense({ units: 1 })]);
    const values = { 'output.weight': [1], 'output.bias': [1] };
    for (const rows of [0, 3, 512, 0.5]) {
      expect(() => toModule(network, values, { rows })).toThrow('rows must be a power of two up to 256');
    }
  });
});

describe('predict of a module', () => {
  it('takes plain lists, and says what it wants', async () => {
    const network = sequential([2], [dense({ units: 1 })]);
    const { predict } = await load(toModule(network, { 'output.weight': [1, 2], 'output.bias': [3] }));
    expect(predict([1, 1, 2, 2])).toEqual(new Float32Array([6, 9]));
    expect(() => predict([1, 1, 2])).toThrow('input takes rows of 2 numbers');
    expect(() => predict([])).toThrow(RangeError);
  });
});

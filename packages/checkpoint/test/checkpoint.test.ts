// Trainings and networks through files and back.
import { cpu } from '@neurite/backend-cpu';
import { NeuriteError, registry, type Snapshot } from '@neurite/core';
import { describe, expect, test } from 'vitest';
import {
  type Checkpoint,
  decode,
  encode,
  networkOf,
  predictor,
  readSafetensors,
  restoreParameters,
  restoreTrainer,
  resume,
  writeSafetensors,
} from '../src/index.ts';
import { data, fitting, leftInTheMiddle, makeNetwork, makeTrainer, plugins } from './trainings.ts';

const backend = cpu();

describe.each(['float32', 'float64'] as const)('a training in %s', (dtype) => {
  test('goes on from a file as from a snapshot, by names and in code', async () => {
    const whole = await makeTrainer({ dtype });
    const { epochs } = await whole.fit(data, fitting);
    const left = await leftInTheMiddle({ dtype });
    const snapshot = await left.snapshot();
    expect(snapshot.position).toMatchObject({ epoch: 1 });
    expect(snapshot.position?.step).toBeGreaterThan(0);

    const checkpoint = decode(await encode(left));
    const built = await makeTrainer({ dtype });
    restoreTrainer(checkpoint, built);
    for (const trainer of [built, await resume(checkpoint, plugins, { backend })]) {
      expect(await trainer.snapshot()).toEqual(snapshot);
      const rest = await trainer.fit(data, { ...fitting, resume: true });
      expect(await trainer.snapshot()).toEqual(await whole.snapshot());
      expect(rest.epochs.map(({ loss, scores }) => [loss, scores])).toEqual(
        epochs.slice(1).map(({ loss, scores }) => [loss, scores]),
      );
    }
  });

  test('predicts from a file what it predicts itself', async () => {
    const left = await leftInTheMiddle({ dtype });
    const { predict, predictAll, network, release } = await predictor(decode(await encode(left)), plugins, {
      backend,
    });
    expect(network.toJSON()).toEqual(left.network.toJSON());
    const expected = await left.predict(data.inputs as Float32Array);
    expect(await predict(data.inputs as Float32Array)).toEqual(expected);
    expect(await predictAll(data.inputs as Float32Array)).toEqual({ output: expected });
    release();
    await expect(predict(data.inputs as Float32Array)).rejects.toThrow('release()');
  });
});

test('before the first step there is nothing to lose either', async () => {
  const trainer = await makeTrainer();
  trainer.writeParameters({ 'output.weight': [1, 2, 3, 4, 5, 6] });
  const snapshot = await trainer.snapshot();
  expect(await (await resume(decode(await encode(trainer)), plugins, { backend })).snapshot()).toEqual(
    snapshot,
  );
});

test('names that are not written are kept, where the data may still scale the weights', async () => {
  const trainer = await makeTrainer();
  const snapshot: Snapshot = { ...(await trainer.snapshot()), adapted: false, written: ['output.weight'] };
  trainer.restore(snapshot);
  const { training } = decode(await encode(trainer));
  expect(training).toMatchObject({ adapted: false, written: ['output.weight'] });
});

test('the tensors have names and shapes that other programs can use', async () => {
  const { tensors } = readSafetensors(await encode(await leftInTheMiddle()));
  expect(
    Object.fromEntries([...tensors].map(([name, { type, shape }]) => [name, `${type} ${shape}`])),
  ).toEqual({
    'hidden1.weight': 'F32 2,3',
    'output.weight': 'F32 3,2',
    'hidden1.mean': 'F32 3',
    'output.mean': 'F32 2',
    'optimizer.velocity/hidden1.weight': 'F32 2,3',
    'optimizer.velocity/output.weight': 'F32 3,2',
    'optimizer.average/hidden1.weight': 'F32 2,3',
    'optimizer.average/output.weight': 'F32 3,2',
    'memory/losses': 'F32 2',
    'totals/training.loss': 'F32 1',
    'totals/training.most.sum': 'F32 1',
  });
});

test('what stands beside the network comes back as it was', async () => {
  const info = {
    classNames: ['cat', 'dog — 犬'],
    statistics: { columns: [{ mean: -0, deviation: 1e-300, names: null }], scaled: true },
    notes: { by: '"\\\n\u0000' },
  };
  const { classNames, statistics, notes } = decode(await encode(await makeTrainer(), info));
  expect({ classNames, statistics, notes }).toEqual(info);
  const byOutput = { classNames: { output: ['cat', 'dog'] } };
  expect(decode(await encode(await makeTrainer(), byOutput))).toMatchObject(byOutput);
});

test.each<[object, RegExp]>([
  [{ statistics: { mean: [0, Number.NaN] } }, /^statistics.mean\[1\] cannot be saved: it is NaN/],
  [
    { statistics: { mean: Float32Array.of(1) } },
    /^statistics.mean cannot be saved: it is a Float32Array: give lists/,
  ],
  [{ notes: { when: new Date(0) } }, /^notes.when cannot be saved: it is a Date/],
  [{ notes: { f: () => 1 } }, /^notes.f cannot be saved: it is a function/],
  [{ notes: { big: 1n } }, /^notes.big cannot be saved: it is 1/],
  [{ notes: JSON.parse('{"__proto__":1}') }, /^notes cannot be saved: it has the key "__proto__"/],
  [
    { notes: { a: { 'b c': [{ constructor: 1 }] } } },
    /^notes.a\["b c"\]\[0\] cannot be saved: it has the key "constructor"/,
  ],
  [{ classNames: ['a', 1] }, /^classNames\[1\] must be a text, but got 1/],
  [{ classNames: 'ab' }, /^classNames must be an object, but got "ab"/],
  [{ className: ['a'] }, /^className is unknown to this version/],
])('refused when saving: %o', async (info, message) => {
  const trainer = await makeTrainer();
  await expect(encode(trainer, info as never)).rejects.toThrow(NeuriteError);
  await expect(encode(trainer, info as never)).rejects.toThrow(message);
});

test('what is nested in itself is refused when saving', async () => {
  const notes: Record<string, unknown> = {};
  notes.notes = notes;
  await expect(encode(await makeTrainer(), { notes: notes as never })).rejects.toThrow(/in itself/);
});

describe('a network alone', () => {
  test('is saved with its numbers, and loaded to predict or to train further', async () => {
    const trainer = await leftInTheMiddle();
    const { network } = trainer;
    const [parameters, layerState] = [await trainer.readParameters(), await trainer.readLayerState()];
    const checkpoint = decode(await encode({ network, parameters, layerState }, { classNames: ['a', 'b'] }));
    expect(checkpoint).toMatchObject({ dtype: 'float32', classNames: ['a', 'b'] });
    expect(checkpoint.training).toBeUndefined();
    expect(networkOf(checkpoint, plugins).toJSON()).toEqual(network.toJSON());

    const fresh = await makeTrainer({ seed: 9 });
    restoreParameters(checkpoint, fresh);
    expect(await fresh.readParameters()).toEqual(parameters);
    expect(await fresh.readLayerState()).toEqual(layerState);
    const { predict } = await predictor(checkpoint, plugins, { backend });
    expect(await predict(data.inputs as Float32Array)).toEqual(
      await fresh.predict(data.inputs as Float32Array),
    );

    expect(() => restoreTrainer(checkpoint, fresh)).toThrow(
      'holds a network and no training: restoreParameters()',
    );
    await expect(resume(checkpoint, plugins, { backend })).rejects.toThrow('no training: predictor()');
  });

  test('is as wide as its numbers, or as it was said', async () => {
    const trainer = await makeTrainer({ dtype: 'float64' });
    const [parameters, layerState] = [await trainer.readParameters(), await trainer.readLayerState()];
    const numbers = { network: trainer.network, parameters, layerState };
    const wide = decode(await encode(numbers));
    expect(wide.parameters['hidden1.weight']?.numbers()).toEqual(parameters['hidden1.weight']);
    const narrow = decode(await encode({ ...numbers, dtype: 'float32' }));
    expect(narrow.parameters['hidden1.weight']?.numbers()).toEqual(
      Float32Array.from(parameters['hidden1.weight'] as Float64Array),
    );
  });

  test('must be given all its numbers', async () => {
    const network = makeNetwork();
    await expect(encode({ network, parameters: {} })).rejects.toThrow(
      'parameter "hidden1.weight" is missing',
    );
    const parameters = { 'hidden1.weight': [1, 2, 3, 4, 5, 6], 'output.weight': [1] };
    await expect(encode({ network, parameters })).rejects.toThrow('layer state "hidden1.mean" is missing');
    const layerState = { 'hidden1.mean': [1, 2, 3], 'output.mean': [1, 2] };
    await expect(encode({ network, parameters, layerState })).rejects.toThrow(
      '"output.weight" [3, 2] has 6 numbers',
    );
  });
});

describe('a trainer that is not the same', () => {
  test.each<[object, RegExp, boolean]>([
    [{ seed: 6 }, /^restoreTrainer: training.seed is 5 in the checkpoint, but 6 here/, true],
    [{ dtype: 'float64' }, /^restoreTrainer: dtype is "float32" in the checkpoint, but "float64" here/, true],
    [{ momentum: 0.8 }, /training.optimizer.momentum is 0.9 in the checkpoint, but 0.8 here/, true],
    [{ units: 4 }, /network.layers\[0\].units is 3 in the checkpoint, but 4 here/, false],
  ])('%o is refused, or its own doing', async (choices, message, hasSameNumbers) => {
    const checkpoint = decode(await encode(await leftInTheMiddle()));
    const trainer = await makeTrainer(choices);
    const before = await trainer.snapshot();
    expect(() => restoreTrainer(checkpoint, trainer)).toThrow(message);
    expect(await trainer.snapshot()).toEqual(before);
    if (hasSameNumbers) {
      restoreTrainer(checkpoint, trainer, { exact: false });
      expect(await trainer.steps()).toBe(checkpoint.training?.steps);
      return;
    }
    const place = 'parameters["hidden1.weight"] is [2, 3], but the network\'s is [2, 4]';
    expect(() => restoreTrainer(checkpoint, trainer, { exact: false })).toThrow(place);
    expect(() => restoreParameters(checkpoint, trainer)).toThrow(place);
    expect(await trainer.snapshot()).toEqual(before);
  });
});

/** The file with something else at a place in its JSON: "training.seed". Undefined: nothing at all. */
async function changed(place: string, value: unknown): Promise<Uint8Array> {
  const { tensors, metadata } = readSafetensors(await encode(await leftInTheMiddle(), { notes: {} }));
  const form = JSON.parse(metadata.get('neurite') as string);
  const keys = place.split('.');
  const last = keys.pop() as string;
  keys.reduce((object, key) => object[key], form)[last] = value;
  const copies = [...tensors].map(
    ([name, tensor]) => [name, { shape: tensor.shape, numbers: tensor.numbers() }] as const,
  );
  return writeSafetensors(copies, { neurite: JSON.stringify(form) });
}

const graph = (nodes: unknown) => ({ inputs: { a: [1] }, nodes, outputs: { output: 'b' } });

test.each<[string, unknown, RegExp]>([
  ['version', 2, /^version is 2, but this version of @neurite\/checkpoint reads 1/],
  ['version', undefined, /^version must be 1, but got nothing/],
  ['version', '1', /^version must be 1, but got "1"/],
  ['training.sead', 1, /^training.sead is unknown to this version/],
  ['network', undefined, /^network must be an object, but got nothing/],
  ['network.layers', {}, /^network.layers must be a list, but got an object/],
  ['network.layers.1', 'dense', /^network.layers\[1\] must be an object, but got "dense"/],
  ['network.layers.1.type', undefined, /^network.layers\[1\].type must be a text/],
  ['network.input', [0], /^network.input\[0\] must be a whole number from 1, but got 0/],
  ['network', graph([]), /^network.nodes must be an object, but got \[\]/],
  [
    'network',
    graph({ b: { join: 'add', from: [null] } }),
    /^network.nodes.b.from\[0\] must be the name of a node/,
  ],
  ['network', graph({ b: { layer: 'c' } }), /^network.nodes.b.from must be a text, but got nothing/],
  ['network', graph({ b: { type: 'dense', from: 1 } }), /^network.nodes.b.from must be a text, but got 1/],
  ['dtype', 'int8', /^dtype must be "float32" or "float64"/],
  ['dtype', 'float64', /^tensor "hidden1.weight" must be F64, but is F32/],
  ['parameters.2', 'a', /^tensor "a" is named in the file, but not there/],
  ['parameters.2', 'output.weight', /^parameters\[2\] must be another name than those before it/],
  ['parameters.2', '__proto__', /^parameters\[2\] must be a name that is not refused/],
  ['layerState.2', 'output.weight', /^tensor "output.weight" is named in the file, but not there/],
  ['layerState', ['hidden1.mean'], /^tensor "output.mean" is in the file, but nothing says what it is/],
  [
    'training.evaluates',
    'best',
    /^training.evaluates is "best", but the optimizer remembers velocity, average/,
  ],
  ['training.seed', 0.5, /^training.seed must be a whole number, but got 0.5/],
  ['training.steps', 2 ** 31, /^training.steps must be a number of steps/],
  ['training.adapted', 1, /^training.adapted must be true or false, but got 1/],
  ['training.schedules.0.rate', 'high', /^training.schedules\[0\].rate must be a number, "Infinity"/],
  ['training.position.step', 5, /^training.position.step must be at most the 4 of an epoch, but got 5/],
  ['training.position.batchSize', 0, /^training.position.batchSize must be a whole number from 1/],
  ['training.losses.output.weight', -1, /^training.losses.output.weight must be a number from 0/],
])('refused when loading: %s as %j', async (place, value, message) => {
  const bytes = await changed(place, value);
  expect(() => decode(bytes)).toThrow(NeuriteError);
  expect(() => decode(bytes)).toThrow(message);
});

test('keys of JavaScript’s own are refused in the JSON within', async () => {
  const bytes = Buffer.from(await changed('notes.__prote__', { evil: true }));
  bytes.write('__proto__', bytes.indexOf('__prote__'));
  expect(() => decode(bytes)).toThrow('notes has the key "__proto__": it is refused');
});

test('a file of another program says so', () => {
  const one = { shape: [1], numbers: Float32Array.of(1) };
  expect(() => decode(writeSafetensors([['fc1.weight', one]]))).toThrow(
    'not written by @neurite/checkpoint: readSafetensors()',
  );
});

const rolling = 'training.optimizer: "rolling" with these options remembers';
test.each<[string, unknown, RegExp | string]>([
  ['network.layers.1.type', 'conv', /^network.layers\[1\]: there is no layer "conv"/],
  ['network.layers.1.width', 1, /^network.layers\[1\]: unitsOf has no option "width"/],
  ['network.layers.1.units', -1, /^network.layers\[1\]: unitsOf: units must be/],
  [
    'network.layers.0.activation.type',
    'relu',
    /^network.layers\[0\]: activation of unitsOf: there is no activation/,
  ],
  [
    'network.layers.0.units',
    1e6,
    /^parameters\["hidden1.weight"\] is \[2, 3\], but the network's is \[2, 1000000\]/,
  ],
  ['network.layers', [], /^parameters\["hidden1.weight"\] is nowhere in the network/],
  ['training.optimizer.type', 'sgd', /^training.optimizer: there is no optimizer "sgd"/],
  [
    'training.optimizer.learningRate.type',
    'x',
    /^training.optimizer: learningRate of rolling: there is no schedule/,
  ],
  ['training.optimizer.losses', 1e9, `${rolling} losses of 1000000000, but the checkpoint holds losses of 2`],
  ['training.evaluates', undefined, `${rolling} average, but the checkpoint holds none`],
  ['training.regularizer.type', 'x', /^training.regularizer: there is no regularizer "x"/],
  ['training.losses.output.loss.type', 'x', /^training.losses.output.loss: there is no loss "x"/],
  ['training.losses', {}, /loss of "output" must be a loss, but got nothing/],
  ['training.metrics.output.0.type', 'x', /^training.metrics.output\[0\]: there is no metric "x"/],
  ['training.schedules', [], /the schedules remember \{ best, rate \}, but the snapshot's nothing/],
])('refused when resuming: %s as %j', async (place, value, message) => {
  const bytes = await changed(place, value);
  const resuming = async () => resume(decode(bytes), plugins, { backend });
  await expect(resuming()).rejects.toThrow(NeuriteError);
  await expect(resuming()).rejects.toThrow(message);
});

test('an optimizer that remembers something else is refused', async () => {
  const checkpoint = decode(await encode(await leftInTheMiddle()));
  const training = checkpoint.training as NonNullable<Checkpoint['training']>;
  const { velocity: _, ...optimizerState } = training.optimizerState;
  const changed = { ...checkpoint, training: { ...training, optimizerState } };
  await expect(resume(changed, plugins, { backend })).rejects.toThrow(
    `${rolling} velocity, average, but the checkpoint holds average`,
  );
});

test('an empty registry says what is missing', async () => {
  const checkpoint = decode(await encode(await makeTrainer()));
  expect(() => networkOf(checkpoint, registry())).toThrow(
    /^network.layers\[0\]: there is no layer "unitsOf"/,
  );
});

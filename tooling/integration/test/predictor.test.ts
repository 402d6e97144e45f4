// A predictor: the numbers of a trained network, and none of its training.
import { relu, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import { graph, predictor, sequential, train } from '@neurite/core';
import { batchNorm, dense, dropout } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { adam, averaged } from '@neurite/optimizers';
import { describe, expect, it } from 'vitest';

const network = sequential(
  [3],
  [dense({ units: 6, activation: relu() }), batchNorm(), dropout({ rate: 0.4 }), dense({ units: 2 })],
);
const rows = (count: number): Float32Array =>
  Float32Array.from({ length: count * 3 }, (_, i) => Math.sin(i * 2.3));

async function trained() {
  const trainer = await train(network, {
    loss: meanSquaredError(),
    optimizer: adam(),
    backend: cpu(),
    seed: 2,
  });
  await trainer.fit({ inputs: rows(50), targets: rows(50).subarray(0, 100) }, { epochs: 3 });
  const parameters = await trainer.readParameters();
  const layerState = await trainer.readLayerState();
  return { trainer, parameters, layerState };
}

describe('a predictor', () => {
  it.each([cpu(), wasm({ threads: 1 })])(
    'gives what its trainer gives, for any number of rows, on $type',
    async (backend) => {
      const { trainer, parameters, layerState } = await trained();
      await trainer.to(backend);
      const model = await predictor(network, { parameters, layerState, backend });
      for (const count of [1, 3, 256, 600]) {
        const [given, wanted] = await Promise.all([model.predict(rows(count)), trainer.predict(rows(count))]);
        expect(given).toEqual(wanted);
      }
      model.release();
      trainer.release();
    },
  );

  it('takes bytes, and has several outputs by name', async () => {
    const two = graph({ image: [4] }, ({ image }, use) => ({
      a: use(dense({ units: 1, activation: tanh() }), image),
      b: use(dense({ units: 2 }), image),
    }));
    const parameters = {
      'a.weight': [1, 0, 0, 0],
      'a.bias': [0],
      'b.weight': [0, 1, 0, 0, 0, 0, 0, 0],
      'b.bias': [0.5, 0],
    };
    const model = await predictor(two, { parameters, backend: cpu() });
    const { a, b } = await model.predictAll(Uint8Array.of(255, 0, 0, 0, 51, 0, 0, 0));
    expect(a?.[0]).toBeCloseTo(Math.tanh(1), 6);
    expect(b?.[1]).toBeCloseTo(1, 6);
    expect(b?.[3]).toBeCloseTo(0.2, 6);
    await expect(model.predict([[1, 2, 3, 4]])).rejects.toThrow('use predictAll()');
    model.release();
  });

  it('of a training that averages takes what it evaluates with', async () => {
    const trainer = await train(network, {
      loss: meanSquaredError(),
      optimizer: averaged({ optimizer: adam({ learningRate: 0.1 }), decay: 0.9 }),
      backend: cpu(),
    });
    await trainer.fit({ inputs: rows(50), targets: rows(50).subarray(0, 100) }, { epochs: 2 });
    const parameters = await trainer.readEvaluatedParameters();
    expect(parameters).not.toEqual(await trainer.readParameters());
    const layerState = await trainer.readLayerState();
    const model = await predictor(network, { parameters, layerState, backend: cpu() });
    expect(await model.predict(rows(5))).toEqual(await trainer.predict(rows(5)));
    model.release();
    trainer.release();
  });

  it('says what is missing, unknown or of another size', async () => {
    const { trainer, parameters, layerState } = await trained();
    trainer.release();
    const { 'output.bias': bias, ...rest } = parameters;
    const backend = cpu();
    await expect(predictor(network, { parameters: rest, layerState, backend })).rejects.toThrow(
      'predictor: "output.bias" takes 2 numbers, [2], but got nothing',
    );
    await expect(
      predictor(network, { parameters: { ...rest, 'output.bias': [1] }, layerState, backend }),
    ).rejects.toThrow('takes 2 numbers, [2], but got 1');
    await expect(
      predictor(network, { parameters: { ...parameters, x: [1] }, layerState, backend }),
    ).rejects.toThrow('parameters has "x", but the network has hidden1.weight');
    await expect(predictor(network, { parameters, backend })).rejects.toThrow(
      '"batchNorm1.mean" takes 6 numbers',
    );
    await expect(
      predictor(network, { parameters, layerState, backend: wasm(), dtype: 'float64' }),
    ).rejects.toThrow('not in float64');
    expect(bias).toHaveLength(2);
    await expect(predictor(network, { backend } as never)).rejects.toThrow(
      'predictor: "hidden1.weight" takes 18 numbers, [3, 6], but got nothing',
    );
    await expect(predictor(network, undefined as never)).rejects.toThrow(
      'predictor takes a backend, but got nothing',
    );
  });

  it('refuses after release, and finishes what is under way', async () => {
    const { trainer, parameters, layerState } = await trained();
    trainer.release();
    const model = await predictor(network, { parameters, layerState, backend: cpu() });
    const underWay = model.predict(rows(3));
    model.release();
    model.release();
    expect(await underWay).toHaveLength(6);
    await expect(model.predict(rows(3))).rejects.toThrow('after release()');
  });
});

import { describe, expect, it } from 'vitest';
import { type Data, graph, metric, sequential, train } from '../../src/index.ts';
import { computedTrainer, computingBackend, points } from '../support/computing.ts';
import { expectNear } from '../support/numbers.ts';
import { dense, meanSquaredError, sgd } from '../support/plugins.ts';

/** How many outputs are positive and how many are not, and their extremes: no number. */
const signs = metric('signs', { above: 0 }, ({ above }) => ({
  totals: (prediction) => ({
    positive: prediction.greater(above).cast(prediction.dtype).sum(),
    squares: prediction.square().sum(0),
  }),
  result: ({ positive, squares }, examples) => ({
    positive: positive[0] as number,
    squares: Array.from(squares),
    examples,
  }),
}));

const data = points(7);

describe('measure', () => {
  it('gives what a metric makes of the predictions, which may be anything', async () => {
    const trainer = await computedTrainer();
    const outputs = Array.from(await trainer.predict(data.inputs));
    const { positive, squares, examples } = await trainer.measure(signs(), data);
    expect({ positive, examples }).toEqual({ positive: outputs.filter((x) => x > 0).length, examples: 7 });
    const column = (c: number) => outputs.filter((_, i) => i % 2 === c).reduce((sum, x) => sum + x * x, 0);
    expectNear(squares, [column(0), column(1)], 6);
  });

  it('goes over all rows, however many there are', async () => {
    const trainer = await train(sequential([2], [dense({ units: 1 })]), {
      loss: meanSquaredError(),
      optimizer: sgd(),
      backend: computingBackend(),
    });
    trainer.writeParameters({ 'output.weight': [1, 0] });
    for (const rows of [256, 300, 512, 513]) {
      const inputs = Float32Array.from({ length: 2 * rows }, () => 2);
      const measured = await trainer.measure(signs(), { inputs, targets: new Float32Array(rows) });
      expect(measured).toEqual({ positive: rows, squares: [4 * rows], examples: rows });
    }
  });

  it('does the same a second time, changes nothing and leaves nothing behind', async () => {
    const backend = computingBackend();
    const trainer = await computedTrainer({ backend });
    const before = await trainer.snapshot();
    const first = await trainer.measure(signs(), data);
    expect(await trainer.measure(signs(), data)).toEqual(first);
    expect(await trainer.snapshot()).toEqual(before);
    expect(backend.alive).toBe(1);
  });

  it('frees what it compiled where the metric fails', async () => {
    const backend = computingBackend();
    const trainer = await computedTrainer({ backend });
    const failing = metric('failing', {}, () => ({
      totals: (prediction) => ({ sum: prediction.sum() }),
      result: () => {
        throw new Error('mine');
      },
    }));
    await expect(trainer.measure(failing(), data)).rejects.toThrow('mine');
    expect(backend.alive).toBe(1);
    expect(await trainer.measure(signs(), data)).toHaveProperty('examples', 7);
  });

  it('looks at the first output, or at the one that is named', async () => {
    const network = graph({ x: [2] }, ({ x }, use) => ({
      left: use(dense({ units: 1, name: 'left' }), x),
      right: use(dense({ units: 2, name: 'right' }), x),
    }));
    const trainer = await train(network, {
      loss: { left: meanSquaredError(), right: meanSquaredError() },
      optimizer: sgd(),
      backend: computingBackend(),
    });
    trainer.writeParameters({
      'left.weight': [0, 0],
      'left.bias': [3],
      'right.weight': [0, 0, 0, 0],
      'right.bias': [1, -2],
    });
    const both: Data = {
      inputs: data.inputs,
      targets: { left: new Float32Array(7), right: new Float32Array(14) },
    };
    const ofLeft = { positive: 7, squares: [63], examples: 7 };
    expect(await trainer.measure(signs(), both)).toEqual(ofLeft);
    expect(await trainer.measure(signs(), both, 'left')).toEqual(ofLeft);
    expect(await trainer.measure(signs(), both, 'right')).toEqual({
      positive: 7,
      squares: [7, 28],
      examples: 7,
    });
    await expect(trainer.measure(signs(), both, 'middle')).rejects.toMatchObject({
      code: 'name',
      message: 'measure: there is no output "middle", only "left", "right"',
    });
  });

  it.each([
    [undefined, 'nothing'],
    ['signs', '"signs"'],
    [signs, 'the function signs: call it first'],
    [{ totals: 1 }, '{"totals":1}'],
  ])('takes nothing but a metric: %#', async (wrong, got) => {
    const trainer = await computedTrainer();
    await expect(trainer.measure(wrong as never, data)).rejects.toMatchObject({
      code: 'option',
      message: `measure takes a metric, but got ${got}`,
    });
  });

  it('checks the data as everybody does', async () => {
    const trainer = await computedTrainer();
    await expect(trainer.measure(signs(), { inputs: [], targets: [] })).rejects.toMatchObject({
      code: 'data',
    });
  });

  it('may be asked for while fit is under way, which it does not change', async () => {
    const [watched, alone] = [await computedTrainer(), await computedTrainer()];
    const seen: number[] = [];
    const onProgress = async () => void seen.push((await watched.measure(signs(), data)).examples);
    await watched.fit(data, { batchSize: 2, epochs: 2, callbacks: [{ onProgress }] });
    await alone.fit(data, { batchSize: 2, epochs: 2 });
    expect(await watched.snapshot()).toEqual(await alone.snapshot());
    expect(new Set(seen)).toEqual(new Set([7]));
  });

  it('is refused after release', async () => {
    const trainer = await computedTrainer();
    trainer.release();
    await expect(trainer.measure(signs(), data)).rejects.toThrow('measure() was called after release()');
  });
});

describe('scores', () => {
  it.each(['inputs', 'targets', 'row', 'order', 'weight'])('may be called "%s" as data are', async (name) => {
    const count = metric('count', {}, () => ({
      totals: (prediction) => ({ all: prediction.mul(0).add(1).sum() }),
      result: ({ all }, examples) => (all[0] as number) / examples,
    }));
    const trainer = await computedTrainer({ metrics: [count({ name })] });
    const { epochs } = await trainer.fit(data, { batchSize: 2, epochs: 2, validation: data });
    for (const { scores, validation } of epochs) expect([scores[name], validation?.[name]]).toEqual([2, 2]);
  });
});

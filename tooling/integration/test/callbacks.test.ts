// Those that watch a training, on real ones.
import { relu, sigmoid, softmax } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import {
  accuracy,
  type Callback,
  confusionMatrix,
  earlyStopping,
  history,
  type LayerHealth,
  learningRateLog,
  type Network,
  NeuriteError,
  sequential,
  stopOnNaN,
  type TrainOptions,
  train,
  unitActivity,
  unitMonitor,
} from '@neurite/core';
import { gaussianClouds } from '@neurite/datasets';
import { dense, dropout } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam, exponentialDecay, sgd } from '@neurite/optimizers';
import { describe, expect, test } from 'vitest';

const data = gaussianClouds({ examples: 150, classes: 3, seed: 1 });
const validation = gaussianClouds({ examples: 60, classes: 3, seed: 2 });
const perceptron = (): Network =>
  sequential([2], [dense({ units: 8, activation: relu() }), dense({ units: 3 })]);
const trainerOf = (options: Partial<TrainOptions> = {}, network = perceptron()) =>
  train(network, {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: 0.02 }),
    backend: cpu(),
    metrics: [accuracy()],
    ...options,
  });

describe('earlyStopping', () => {
  test('ends a training that gets worse, and gives the best epoch’s numbers back', async () => {
    const trainer = await trainerOf({ optimizer: sgd({ learningRate: 0.1 }) });
    const parameters: Record<string, unknown>[] = [];
    const stopping = earlyStopping({ patience: 2, monitor: 'watched', better: 'lower' });
    const values = [3, 2, 1, 1.5, 1.2, 0.5, 0.1]; // falls for three epochs, then rises for two
    const watch: Callback = {
      onStart: stopping.onStart!,
      onEnd: stopping.onEnd!,
      onEpoch: async (report) => {
        parameters.push(await trainer.readParameters());
        return stopping.onEpoch?.({ ...report, scores: { watched: values[report.epoch - 1]! } });
      },
    };
    const result = await trainer.fit(data, { epochs: 7, callbacks: [watch] });
    expect(result.epochs).toHaveLength(5);
    expect(result.stopped).toBe('watched was best, 1.000, in epoch 3');
    expect(stopping.best).toEqual({ epoch: 3, value: 1 });
    expect(await trainer.readParameters()).toEqual(parameters[2]);
    expect(await trainer.readParameters()).not.toEqual(parameters[4]);
  });

  test('watches the validation’s loss where there is one, and goes on while it falls', async () => {
    const trainer = await trainerOf();
    const stopping = earlyStopping({ patience: 3 });
    const result = await trainer.fit(data, { epochs: 8, validation, callbacks: [stopping] });
    const losses = result.epochs.map((report) => report.validation!.loss!);
    expect(stopping.best?.value).toBe(Math.min(...losses));
    expect((await trainer.evaluate(validation)).loss).toBeCloseTo(Math.min(...losses), 5);
  });

  test('takes an accuracy for better where it is higher, and leaves the last numbers if told', async () => {
    const trainer = await trainerOf();
    const stopping = earlyStopping({ monitor: 'accuracy', patience: 50, restoreBest: false });
    const result = await trainer.fit(data, { epochs: 6, callbacks: [stopping] });
    expect(stopping.best?.value).toBe(Math.max(...result.epochs.map(({ scores }) => scores.accuracy!)));
    expect(await trainer.steps()).toBe(result.steps);
  });

  test('names the scores that there are where it is told another', async () => {
    const trainer = await trainerOf();
    const fit = trainer.fit(data, { callbacks: [earlyStopping({ monitor: 'validation.loss' })] });
    await expect(fit).rejects.toThrow(
      'earlyStopping: there is no score "validation.loss", only "loss", "accuracy": give fit() validation data or train() the metric',
    );
    expect(() => earlyStopping({ patience: 0 })).toThrow(NeuriteError);
  });
});

describe('history', () => {
  test('keeps every epoch’s scores, over several calls', async () => {
    const trainer = await trainerOf();
    const kept = history();
    const first = await trainer.fit(data, { epochs: 2, validation, callbacks: [kept] });
    const second = await trainer.fit(data, { epochs: 1, callbacks: [kept] });
    const reports = [...first.epochs, ...second.epochs];
    expect(kept.epochs).toEqual(reports);
    expect(kept.series('loss')).toEqual(reports.map(({ loss }) => loss));
    expect(kept.series('accuracy')).toEqual(reports.map(({ scores }) => scores.accuracy));
    expect(kept.series('validation.loss')).toEqual([
      first.epochs[0]!.validation!.loss,
      first.epochs[1]!.validation!.loss,
      Number.NaN,
    ]);
    expect(kept.series('learningRate')).toEqual([0.02, 0.02, 0.02]);
    expect(kept.series('nothing')).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('learningRateLog', () => {
  test('keeps the rates of a schedule', async () => {
    const schedule = exponentialDecay({ initial: 0.5, factor: 0.9, every: 1 });
    const trainer = await trainerOf({ optimizer: sgd({ learningRate: schedule }) });
    const log = learningRateLog();
    await trainer.fit(data, { epochs: 2, batchSize: 10, callbacks: [log] });
    expect(log.rates.at(-1)!.step).toBe(30);
    for (const { step, learningRate } of log.rates) expect(learningRate).toBe(schedule.rate(step - 1));
  });
});

describe('stopOnNaN', () => {
  test('ends before the step that goes bad, and says where', async () => {
    const trainer = await trainerOf({ optimizer: sgd({ learningRate: 1e30 }), onWarning: () => {} });
    const guard = stopOnNaN();
    const result = await trainer.fit(data, { epochs: 3, batchSize: 10, callbacks: [guard] });
    expect(result.stopped).toMatch(/^not finite at step \d+: (loss|layer \w+|parameter \w+)/);
    expect(guard.finding!.step).toBe(result.steps + 1);
    expect(await trainer.steps()).toBe(result.steps);
  });

  test('finds nothing where all is well', async () => {
    const guard = stopOnNaN();
    const result = await (await trainerOf()).fit(data, { callbacks: [guard] });
    expect([result.stopped, guard.finding]).toEqual([undefined, undefined]);
  });
});

describe('unitMonitor', () => {
  /** A network whose first unit never is active, whose second always is, and whose third sometimes is. */
  const hurt = async (network = perceptron()) => {
    const trainer = await trainerOf({ optimizer: sgd({ learningRate: 1e-9 }) }, network);
    const { 'hidden1.bias': bias } = await trainer.readParameters();
    bias![0] = -1000;
    bias![1] = 1000;
    trainer.writeParameters({ 'hidden1.bias': bias! });
    return trainer;
  };

  test('counts exactly those units as dead that are active on no example: brute force agrees', async () => {
    const trainer = await hurt();
    const monitor = unitMonitor({ rows: 0 });
    await trainer.fit(data, { callbacks: [monitor] });
    const { 'hidden1.weight': w, 'hidden1.bias': b } = await trainer.readParameters();
    const active = Array.from({ length: 8 }, () => 0);
    for (let row = 0; row < 150; row++) {
      for (let unit = 0; unit < 8; unit++) {
        const [x, y] = [data.inputs[2 * row]!, data.inputs[2 * row + 1]!];
        if (x * w![unit]! + y * w![8 + unit]! + b![unit]! > 0) active[unit]!++;
      }
    }
    const activity = await unitActivity(trainer, data.inputs);
    expect(activity.map(({ layer }) => layer)).toEqual(['hidden1']); // the output layer has no activation
    expect([...activity[0]!.active]).toEqual(active);
    const [health] = monitor.reports.at(-1) as [LayerHealth];
    expect(health.dead).toEqual(active.flatMap((count, unit) => (count === 0 ? [unit] : [])));
    expect(health.dead).toContain(0);
    expect(health).toMatchObject({ layer: 'hidden1', units: 8, examples: 150, saturatedFraction: 0 });
    expect(health.deadFraction).toBe(health.dead.length / 8);
  });

  test('sees saturated sigmoids, and leaves softmax alone', async () => {
    const network = sequential(
      [2],
      [dense({ units: 4, activation: sigmoid() }), dropout(), dense({ units: 3, activation: softmax() })],
    );
    const trainer = await trainerOf({ onWarning: () => {} }, network);
    trainer.writeParameters({
      'hidden1.weight': [0, 0, 0, 0, 0, 0, 0, 0],
      'hidden1.bias': [0, 4.5, 4.7, -4.7], // slopes 0.25, 0.0109, 0.0089, 0.0089
    });
    const activity = await unitActivity(trainer, data.inputs);
    expect(activity).toHaveLength(1);
    expect([...activity[0]!.saturated]).toEqual([0, 0, 150, 150]);
    expect([...activity[0]!.active]).toEqual([150, 150, 150, 150]);
    const monitor = unitMonitor();
    await trainer.fit(data, { callbacks: [monitor] });
    expect(monitor.reports[0]![0]!.saturatedFraction).toBeGreaterThan(0.3);
  });

  test('estimates as training goes: dead is what was inactive for a window of examples', async () => {
    const trainer = await hurt();
    const reported: number[] = [];
    const monitor = unitMonitor({
      rows: 50,
      window: 200,
      exact: false,
      onReport: (_, epoch) => reported.push(epoch),
    });
    expect(monitor.estimate).toEqual([]);
    await trainer.fit(data, { epochs: 1, callbacks: [monitor] });
    expect(monitor.estimate[0]!.dead).toEqual([]); // not looked at long enough yet
    await trainer.fit(data, { epochs: 12, callbacks: [monitor] });
    expect(monitor.estimate[0]!.dead).toContain(0);
    expect(monitor.estimate[0]!.dead).not.toContain(1);
    expect(monitor.reports).toEqual([]);
    expect(reported).toEqual([]);
  });
});

describe('confusionMatrix', () => {
  test('counts which class was taken for which', async () => {
    const trainer = await trainerOf();
    await trainer.fit(data, { epochs: 3 });
    const table = await trainer.measure(confusionMatrix(), data);
    const outputs = await trainer.predict(data.inputs);
    const expected = [0, 1, 2].map(() => [0, 0, 0]);
    for (let row = 0; row < 150; row++) {
      const scores = [...outputs.subarray(3 * row, 3 * row + 3)];
      expected[data.targets[row]!]![scores.indexOf(Math.max(...scores))]!++;
    }
    expect(table).toEqual(expected);
    const right = table.reduce((sum, counts, i) => sum + counts[i]!, 0);
    expect((await trainer.evaluate(data)).accuracy).toBeCloseTo(right / 150, 6);
  });
});

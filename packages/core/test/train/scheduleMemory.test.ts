// Schedules that watch the training and remember.
import { describe, expect, it } from 'vitest';
import {
  type Callback,
  type FitOptions,
  optimizerWrapper,
  option,
  type Schedule,
  type ScheduleReport,
  schedule,
} from '../../src/index.ts';
import { computedTrainer, onPlateau, points } from '../support/computing.ts';
import { sgd } from '../support/plugins.ts';
import { examples, recordedTrainer, writesTo } from '../support/training.ts';

const data = points(7);
const options: FitOptions = { batchSize: 2, epochs: 3 };

/** 1, 1/2, 1/3 … by epochs that it has seen; keeps what it got to see. */
function counting(seen: ScheduleReport[] = []): Schedule {
  return schedule('counting', {}, () => ({
    memory: { epochs: 0 },
    rate: (_, memory) => 1 / (1 + (memory?.epochs ?? 0)),
    observe: ({ epochs = 0 }, report) => {
      seen.push(report);
      return { epochs: epochs + 1 };
    },
  }))();
}

/** Biases have a rate of their own. */
const withBiasRate = optimizerWrapper('withBiasRate', { rate: option.rate(1) }, (inner, { rate }) => ({
  rateOf: (info) => (info.role === 'bias' ? (rate as number | Schedule) : inner.learningRate),
}));

describe('observe', () => {
  it('is called once after each epoch, with the losses that are reported', async () => {
    const seen: ScheduleReport[] = [];
    const trainer = await computedTrainer({ rate: counting(seen) });
    const { epochs } = await trainer.fit(data, { ...options, validation: points(3) });
    expect(seen).toEqual(
      epochs.map(({ steps, loss, validation }) => ({ steps, loss, validationLoss: validation?.loss })),
    );
    expect(seen.map(({ steps }) => steps)).toEqual([4, 8, 12]);
    expect(seen.every(({ validationLoss }) => (validationLoss as number) > 0)).toBe(true);
  });

  it('has no validation loss where there is no validation', async () => {
    const seen: ScheduleReport[] = [];
    const trainer = await computedTrainer({ rate: counting(seen) });
    await trainer.fit(data, options);
    expect(seen.map(({ validationLoss }) => validationLoss)).toEqual([undefined, undefined, undefined]);
  });

  it('is not called for epochs that were not finished, nor for steps', async () => {
    const seen: ScheduleReport[] = [];
    const trainer = await computedTrainer({ rate: counting(seen) });
    await trainer.step(points(2));
    await trainer.fit(data, { ...options, callbacks: [{ onProgress: () => 'enough' }] });
    expect(seen).toEqual([]);
    await trainer.fit(data, { ...options, epochs: 1, resume: true });
    expect(seen).toHaveLength(1);
  });

  it('comes before the callbacks of the epoch', async () => {
    const trainer = await computedTrainer({ rate: counting() });
    const rates: number[] = [];
    const callbacks: Callback[] = [{ onEpoch: ({ steps }) => void rates.push(trainer.rateAt(steps)) }];
    await trainer.fit(data, { ...options, callbacks });
    expect(rates).toEqual([1 / 2, 1 / 3, 1 / 4]);
  });

  it('is optional: what is remembered then stays', async () => {
    const constant = schedule('remembering', {}, () => ({
      memory: { rate: 0.25 },
      rate: (_, memory) => memory?.rate ?? 0,
    }));
    const trainer = await computedTrainer({ rate: constant() });
    await trainer.fit(data, options);
    expect(trainer.rateAt(0)).toBe(0.25);
    expect((await trainer.snapshot()).schedules).toEqual([{ rate: 0.25 }]);
  });
});

describe('the rate', () => {
  it('is what the schedule says as it remembers then, in programs, progress and reports', async () => {
    const { trainer, backend } = await recordedTrainer({ optimizer: sgd({ learningRate: counting() }) });
    const rates: number[][] = [[], [], []];
    const callbacks: Callback[] = [
      { onProgress: ({ epoch, learningRate }) => void rates[epoch - 1]?.push(learningRate) },
    ];
    const { epochs } = await trainer.fit(examples(7), { ...options, callbacks });
    expect(rates.map((each) => [...new Set(each)])).toEqual([[1], [1 / 2], [1 / 3]]);
    expect(epochs.map(({ learningRate }) => learningRate)).toEqual([1, 1 / 2, 1 / 3]);
    const counts = backend.recorded('run').map(({ steps }) => steps);
    const used = writesTo(backend, 'learningRates').flatMap((all, run) => all.slice(0, counts[run]));
    expect(used).toEqual([1, 1 / 2, 1 / 3].flatMap((rate) => new Array(4).fill(Math.fround(rate))));
  });

  it('goes on from call to call', async () => {
    const trainer = await computedTrainer({ rate: counting() });
    const rates: (number | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      const { epochs } = await trainer.fit(data, { ...options, epochs: 1 });
      rates.push(epochs[0]?.learningRate);
    }
    expect(rates).toEqual([1, 1 / 2, 1 / 3]);
  });

  it('begins anew in another trainer with the same schedule', async () => {
    const rate = counting();
    for (let i = 0; i < 2; i++) {
      const trainer = await computedTrainer({ rate });
      expect(trainer.rateAt(0)).toBe(1);
      await trainer.fit(data, options);
      expect(trainer.rateAt(12)).toBe(1 / 4);
    }
  });

  it('falls where the validation gets no better', async () => {
    const trainer = await computedTrainer({ rate: onPlateau({ initial: 8 }) });
    const { epochs } = await trainer.fit(data, { ...options, epochs: 6, validation: points(3) });
    let [best, rate] = [Number.POSITIVE_INFINITY, 8];
    for (const { learningRate, validation } of epochs) {
      expect(learningRate).toBe(rate);
      if ((validation?.loss as number) < best) best = validation?.loss as number;
      else rate /= 2;
    }
    expect(rate).toBeLessThan(8);
  });
});

describe('several schedules', () => {
  it('remember each for itself, in a snapshot too', async () => {
    const optimizer = withBiasRate({
      optimizer: sgd({ learningRate: counting() }),
      rate: onPlateau({ initial: 0.5 }),
    });
    const trainer = await computedTrainer({ optimizer });
    await trainer.fit(data, options);
    const { schedules } = await trainer.snapshot();
    expect(schedules).toEqual([{ epochs: 3 }, { best: expect.any(Number), rate: expect.any(Number) }]);
    const other = await computedTrainer({ optimizer });
    other.restore(await trainer.snapshot());
    expect(other.rateAt(12)).toBe(1 / 4);
    for (const each of [trainer, other]) await each.fit(data, { ...options, epochs: 4, resume: true });
    expect(await other.snapshot()).toEqual(await trainer.snapshot());
  });

  it('that are the same look at an epoch once', async () => {
    const seen: ScheduleReport[] = [];
    const rate = counting(seen);
    const optimizer = withBiasRate({ optimizer: sgd({ learningRate: rate }), rate });
    const trainer = await computedTrainer({ optimizer });
    await trainer.fit(data, options);
    expect(seen).toHaveLength(3);
    expect((await trainer.snapshot()).schedules).toEqual([{ epochs: 3 }]);
  });
});

// Shows a training as it goes: a bar where a line can be drawn anew, a line now and then elsewhere.
import type { Callback, EpochReport, Progress, RunInfo, Scores } from '@neurite/core';
import { SingleBar } from 'cli-progress';
import { count, duration, percent } from './format.ts';
import type { Output } from './surroundings.ts';
import type { Terminal } from './terminal.ts';

/** A callback for `fit` that can be closed. */
export interface ProgressDisplay extends Callback {
  /** Leaves the terminal as it was found, however the training ended. Calling it again does nothing. */
  close(): void;
}

/** 4 significant digits, whatever the size. */
const number = (value: number): string =>
  Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(2);

/** "loss 0.0712  accuracy 97.50 %". */
export const printScores = ({ loss, ...scores }: Scores): string =>
  [
    ...(loss === undefined ? [] : [`loss ${number(loss)}`]),
    ...Object.entries(scores).map(
      ([name, score]) => `${name} ${name === 'accuracy' ? percent(score) : number(score)}`,
    ),
  ].join('  ');

const epochText = (epoch: number, epochs: number): string =>
  `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;

/** How fast it goes and how long it will take, from where this run began. */
class Clock {
  #begun: number | undefined;

  /** Epochs that were done, with their fractions. */
  static #done = ({ epoch, step, stepsPerEpoch }: Progress): number => epoch - 1 + step / stepsPerEpoch;

  texts(progress: Progress, examples: number): { speed: string; left: string } {
    const done = Clock.#done(progress);
    this.#begun ??= Math.max(0, done - 1 / progress.stepsPerEpoch);
    const rate = Math.max(done - this.#begun, 1e-9) / Math.max(progress.seconds, 1e-3);
    return {
      speed: `${count(Math.round(examples * rate))} rows/s`,
      left: `${duration((progress.epochs - done) / rate)} left`,
    };
  }
}

const barLength = 16;

/** The first of the metrics, or the loss where there is none. */
const shortened = ({ loss, ...scores }: Scores): Scores => {
  const [first] = Object.entries(scores);
  return first ? Object.fromEntries([first]) : { loss: loss as number };
};

/** One bar for the whole training. What was said of the last epoch stays behind it. */
export function showBar(stream: Output, { paint }: Terminal): ProgressDisplay {
  const clock = new Clock();
  let run: RunInfo | undefined;
  let bar: SingleBar | undefined;
  let shown: Progress | undefined;
  let validation: Scores | undefined;
  let closed = false;

  const line = (width: number): string => {
    if (!shown || !run) return '';
    const { epoch, epochs, step, stepsPerEpoch, loss, scores } = shown;
    const { speed, left } = clock.texts(shown, run.examples);
    const filled = Math.round((barLength * (epoch - 1 + step / stepsPerEpoch)) / epochs);
    const drawn = paint('cyan', '━'.repeat(filled)) + paint('dim', '━'.repeat(barLength - filled));
    const texts = [
      printScores({ loss, ...scores }),
      closed ? 'stopped' : left,
      ...(validation ? [`validation ${printScores(shortened(validation))}`] : []),
      speed,
    ];
    const start = epochText(epoch, epochs);
    // Room for a ^C at the end, so that no line is broken; where there is little, the last texts are left out.
    let room = width - start.length - barLength - '^C'.length - 4;
    const fitting = texts.filter((text) => {
      room -= text.length + 2;
      return room >= 0;
    });
    return [paint('bold', start), drawn, ...fitting].join('  ');
  };
  const close = (): void => {
    closed ||= shown !== undefined && !isDone(shown);
    bar?.update({ closed });
    bar?.stop();
    bar = undefined;
  };
  return {
    onStart: (info) => {
      run = info;
    },
    onProgress: (progress) => {
      if (closed) return;
      shown = progress;
      const { epoch, epochs, step, stepsPerEpoch } = progress;
      const value = (epoch - 1) * stepsPerEpoch + step;
      if (!bar) {
        bar = new SingleBar({
          stream: stream as NodeJS.WritableStream,
          fps: 15,
          hideCursor: true,
          // Ctrl-C is the command's
          gracefulExit: false,
          linewrap: null,
          format: (_, { maxWidth }) => line(maxWidth),
        });
        bar.start(epochs * stepsPerEpoch, value, { closed });
      }
      bar.update(value, { closed });
    },
    onEpoch: (report) => {
      validation = report.validation;
    },
    onEnd: close,
    close,
  };
}

const isDone = ({ epoch, epochs, step, stepsPerEpoch }: Progress): boolean =>
  epoch === epochs && step === stepsPerEpoch;

/** Lines for a whole training, at most. */
const mostLines = 20;

/** A line for each epoch, or for every so many of them, and for the last. */
export function printEpochs(print: (line: string) => void): ProgressDisplay {
  return {
    onEpoch: ({ epoch, epochs, loss, scores, validation }) => {
      if (epoch % Math.ceil(epochs / mostLines) !== 0 && epoch !== epochs) return;
      const tested = validation ? [`validation ${printScores(validation)}`] : [];
      print([epochText(epoch, epochs), printScores({ loss, ...scores }), ...tested].join('  '));
    },
    close: () => {},
  };
}

/** For programs: every epoch. */
export const printData = (print: (value: object) => void): ProgressDisplay => ({
  onEpoch: ({ epoch, epochs, loss, scores, validation, learningRate, steps, seconds }: EpochReport) =>
    print({ type: 'epoch', epoch, epochs, loss, ...scores, validation, learningRate, steps, seconds }),
  close: () => {},
});

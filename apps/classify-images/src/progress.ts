// Shows a training as it goes: a bar where a line can be drawn anew, a line now and then elsewhere.
import type { Callback, Progress, RunInfo } from '@neurite/core';
import { SingleBar } from 'cli-progress';
import { count, duration, percent } from './format.ts';
import type { Format, Terminal } from './terminal.ts';

/** A callback for `fit` that can be closed. */
export interface ProgressDisplay extends Callback {
  onStart?(run: RunInfo): void;
  /** Leaves the terminal as it was found, however the training ended. Calling it again does nothing. */
  close(): void;
}

type Part = readonly [text: string, format: Format];

const epochOf = ({ epoch, epochs }: Progress): Part => [
  `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
  'bold',
];
const lossOf = ({ loss }: Progress): Part => [`loss ${loss.toFixed(4)}`, 'yellow'];
const accuracyOf = ({ scores }: Progress): Part => [
  `accuracy ${percent(scores.accuracy ?? Number.NaN).padStart(8)}`,
  'green',
];
/** The mean since the training began, which jumps less than that of the last moment. */
const speedOf = ({ epoch, step, stepsPerEpoch, seconds }: Progress, examples: number): Part => {
  const speed = (examples * (epoch - 1 + step / stepsPerEpoch)) / Math.max(seconds, 1e-3);
  return [`${count(Math.round(speed))} examples/s`, 'dim'];
};
const timeLeft = ({ epoch, epochs, step, stepsPerEpoch, seconds }: Progress): string => {
  const done = epoch - 1 + step / stepsPerEpoch;
  return `${duration((seconds / done) * (epochs - done))} left`;
};

/** One bar for each epoch, on a line of its own that stays when the epoch is over. */
export function showBars(stream: NodeJS.WritableStream, terminal: Terminal): ProgressDisplay {
  let examples = 0;
  let epochBegan = 0;
  let bar: SingleBar | undefined;
  let closed = false;
  /** What the bar on the screen shows. */
  let shown: Progress | undefined;

  const begin = (): SingleBar =>
    new SingleBar({
      stream,
      fps: 20,
      hideCursor: true,
      // Ctrl-C is the app's
      gracefulExit: false,
      linewrap: null,
      format: (_, { progress, maxWidth }, { time }) =>
        shown ? drawLine(shown, examples, progress, time, maxWidth, terminal) : '',
    });
  /** Ends the line with `time`. As the text is another one, it is drawn anew, over a ^C that was typed. */
  const end = (time: string): void => {
    bar?.update({ time });
    bar?.stop();
    bar = undefined;
  };
  return {
    onStart: (run) => {
      examples = run.examples;
    },
    onProgress: (progress) => {
      if (closed) return;
      shown = progress;
      if (!bar) {
        bar = begin();
        bar.start(progress.stepsPerEpoch, progress.step, { time: timeLeft(progress) });
      }
      bar.update(progress.step, { time: timeLeft(progress) });
    },
    onEpoch: ({ seconds }) => {
      end(duration(seconds - epochBegan));
      epochBegan = seconds;
    },
    close: () => {
      end('stopped');
      closed = true;
    },
  };
}

/** `epoch 1/5 ━━━━━━━━ loss … accuracy … speed time`, with a bar that fills what is left of `width`. */
function drawLine(
  progress: Progress,
  examples: number,
  fraction: number,
  time: string,
  width: number,
  { paint }: Terminal,
): string {
  // Room for the longest text, so that the bar keeps its length; and for a ^C at the end, so that no line is broken.
  const padded = ([text, format]: Part, room: number): Part => [text.padEnd(room), format];
  const parts = [
    lossOf(progress),
    accuracyOf(progress),
    padded(speedOf(progress, examples), '100,000 examples/s'.length),
    padded([time, 'dim'], '9 min 59 s left'.length),
  ];
  const barLength = (): number =>
    width - '^C'.length - [epochOf(progress), ...parts].reduce((sum, [text]) => sum + text.length + 2, 0);
  // where there is little room: first without the speed, then without the loss
  if (barLength() < 16) parts.splice(2, 1);
  if (barLength() < 8) parts.shift();
  const length = Math.max(0, Math.min(40, barLength()));
  const filled = Math.round(fraction * length);
  const bar = paint('cyan', '━'.repeat(filled)) + paint('dim', '━'.repeat(length - filled));
  const [epoch, ...rest] = [epochOf(progress), ...parts].map(([text, format]) => paint(format, text));
  return [epoch, bar, ...rest].join('  ');
}

/** A line for each quarter of an epoch. */
export function printLines(print: (line: string) => void): ProgressDisplay {
  let examples = 0;
  let quarter = 0;
  return {
    onStart: (run) => {
      examples = run.examples;
    },
    onProgress: (progress) => {
      const { epoch, epochs, step, stepsPerEpoch } = progress;
      const reached = Math.floor((4 * step) / stepsPerEpoch);
      if (reached === quarter) return;
      quarter = reached % 4;
      const share = percent(step / stepsPerEpoch, 0).padStart(5);
      const parts = [epochOf, lossOf, accuracyOf].map((part) => part(progress)[0]);
      parts.splice(1, 0, share);
      parts.push(speedOf(progress, examples)[0]);
      if (epoch < epochs || reached < 4) parts.push(timeLeft(progress));
      print(parts.join('  '));
    },
    close: () => {},
  };
}

// The bar and the lines that take its place, shown a training that was made up.
import type { Progress } from '@neurite/core';
import { describe, expect, test } from 'vitest';
import { type ProgressDisplay, printLines, showBars } from '../src/progress.ts';
import { colourful, withoutCodes } from './terminals.ts';

const stepsPerEpoch = 100;
const run = { epochs: 2, stepsPerEpoch, batchSize: 10, examples: 1000 };

const progress = (epoch: number, step: number): Progress => ({
  epoch,
  epochs: 2,
  step,
  stepsPerEpoch,
  examples: step * 10,
  loss: 1 / (epoch + step / stepsPerEpoch),
  scores: { accuracy: 1 - 0.1 / (epoch + step / stepsPerEpoch) },
  learningRate: 0.001,
  seconds: (epoch - 1 + step / stepsPerEpoch) * 40,
});

/** Shows two epochs, `stride` steps at once. */
function showAll(display: ProgressDisplay, stride: number): void {
  display.onStart?.(run);
  for (const epoch of [1, 2]) {
    for (let step = stride; step <= stepsPerEpoch; step += stride)
      display.onProgress?.(progress(epoch, step));
    display.onEpoch?.({
      epoch,
      epochs: 2,
      loss: 1,
      scores: {},
      learningRate: 0.1,
      steps: epoch * stepsPerEpoch,
      seconds: epoch * 40,
    });
  }
  display.close();
}

describe('printLines', () => {
  const lines = (stride: number): string[] => {
    const printed: string[] = [];
    showAll(
      printLines((line) => printed.push(line)),
      stride,
    );
    return printed;
  };

  test('prints a line for each quarter of an epoch', () => {
    expect(`\n${lines(1).join('\n')}`).toMatchInlineSnapshot(`
      "
      epoch 1/2   25 %  loss 0.8000  accuracy  92.00 %  25 examples/s  1 min 10 s left
      epoch 1/2   50 %  loss 0.6667  accuracy  93.33 %  25 examples/s  1 min 00 s left
      epoch 1/2   75 %  loss 0.5714  accuracy  94.29 %  25 examples/s  50 s left
      epoch 1/2  100 %  loss 0.5000  accuracy  95.00 %  25 examples/s  40 s left
      epoch 2/2   25 %  loss 0.4444  accuracy  95.56 %  25 examples/s  30 s left
      epoch 2/2   50 %  loss 0.4000  accuracy  96.00 %  25 examples/s  20 s left
      epoch 2/2   75 %  loss 0.3636  accuracy  96.36 %  25 examples/s  10 s left
      epoch 2/2  100 %  loss 0.3333  accuracy  96.67 %  25 examples/s"
    `);
  });

  test('prints no more than there is news', () => {
    expect(lines(50)).toHaveLength(4);
    expect(lines(100)).toHaveLength(2);
  });
});

describe('showBars', () => {
  /** Writes to a terminal of so many columns, and gives what it got. */
  function written(columns: number, show: (display: ProgressDisplay) => void): string {
    let output = '';
    const stream = {
      isTTY: true,
      columns,
      write(text: string) {
        output += text;
        return true;
      },
    } as unknown as NodeJS.WritableStream;
    show(showBars(stream, colourful(columns)));
    return output;
  }
  /** What is to be read at the end: each line as it was last drawn. */
  const screen = (output: string): string[] =>
    output.split('\n').map((line) => withoutCodes(line.split('\x1b[1G').at(-1) as string).trimEnd());

  test('leaves a line for each epoch', () => {
    const output = written(100, (display) => showAll(display, 10));
    expect(`\n${screen(output).join('\n')}`).toMatchInlineSnapshot(`
      "
      epoch 1/2  ━━━━━━━━━━━━━━━━━━  loss 0.5000  accuracy  95.00 %  25 examples/s       40 s
      epoch 2/2  ━━━━━━━━━━━━━━━━━━  loss 0.3333  accuracy  96.67 %  25 examples/s       40 s
      "
    `);
    for (const line of screen(output)) expect(line.length).toBeLessThan(100);
  });

  test('shows the time that is left', () => {
    const output = written(100, (display) => {
      display.onStart?.(run);
      display.onProgress?.(progress(1, 50));
      display.close();
    });
    expect(withoutCodes(output)).toContain('1 min 00 s left');
  });

  test('shows less where there is little room', () => {
    for (const columns of [40, 60, 80, 120, 200]) {
      const lines = screen(written(columns, (display) => showAll(display, 10)));
      for (const line of lines) expect(line.length).toBeLessThan(columns);
      expect(lines[0]).toContain('accuracy');
    }
  });

  test('gives the cursor back when it is closed in the middle, and then is silent', () => {
    const output = written(100, (display) => {
      display.onStart?.(run);
      display.onProgress?.(progress(1, 30));
      display.close();
      display.onProgress?.(progress(1, 40));
      display.close();
    });
    expect(output.indexOf('\x1b[?25h')).toBeGreaterThan(output.indexOf('\x1b[?25l'));
    expect(output.split('\x1b[?25l')).toHaveLength(2);
    expect(screen(output)[0]).toMatch(/━ {2}loss .* stopped$/);
  });
});

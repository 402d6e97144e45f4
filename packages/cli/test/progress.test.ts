// The bar, on a terminal that is made up.
import { expect, test } from 'vitest';
import { showBar } from '../src/progress.ts';

const progress = (epoch: number, step: number) => ({
  epoch,
  epochs: 4,
  step,
  stepsPerEpoch: 10,
  examples: step * 10,
  loss: 0.25,
  scores: { accuracy: 0.9 },
  learningRate: 0.001,
  seconds: epoch + step / 10,
});
const report = {
  epoch: 1,
  epochs: 4,
  loss: 0.3,
  scores: { accuracy: 0.8 },
  validation: { loss: 0.5, accuracy: 0.7 },
  learningRate: 0.001,
  steps: 10,
  seconds: 1,
};

/** The line as it was drawn last, of a training that was stopped in its second epoch. */
function lastLine(columns: number): { line: string; output: string } {
  let output = '';
  const stream = {
    isTTY: true,
    columns,
    write: (text: string) => {
      output += text;
      return true;
    },
  };
  const bar = showBar(stream, { interactive: true, paint: (_, text) => text });
  bar.onStart?.(
    { epochs: 4, stepsPerEpoch: 10, batchSize: 10, examples: 100 },
    undefined as never,
    undefined as never,
  );
  bar.onProgress?.(progress(1, 10));
  bar.onEpoch?.(report);
  bar.onProgress?.(progress(2, 10));
  bar.close();
  bar.close();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are made of them
  const line = (output.split('\x1b[1G').at(-1) as string).replaceAll(/\x1b(?:\[[0-9;?]*[A-Za-z]|[78])/g, '');
  return { line: line.trimEnd(), output };
}

test('one line for the whole training, with less on it where there is little room', () => {
  expect(lastLine(120).line).toMatch(
    /^epoch 2\/4 {2}━{16} {2}loss 0\.25 {2}accuracy 90\.00 % {2}stopped {2}validation accuracy 70\.00 % {2}[\d,]+ rows\/s$/,
  );
  for (const columns of [60, 80]) expect(lastLine(columns).line.length).toBeLessThan(columns);
  expect(lastLine(60).line).toContain('accuracy');
});

test('gives the cursor back', () => {
  const { output } = lastLine(100);
  expect(output.lastIndexOf('\x1b[?25h')).toBeGreaterThan(output.lastIndexOf('\x1b[?25l'));
});

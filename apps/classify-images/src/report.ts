// What a trained network makes of pictures that it has not seen: accuracy, confusions, and the pictures that it read wrong.
import type { ImageSet } from '@neurite/datasets/mnist';
import { confusionMatrix, confusions, printConfusion } from './confusion.ts';
import type { PictureSet } from './data.ts';
import { drawPictures } from './drawPictures.ts';
import { count, percent } from './format.ts';
import type { Reading } from './readings.ts';
import type { Terminal } from './terminal.ts';

/** At most so many pictures are drawn. */
const handful = 6;

/** `readings` of all of `test`, in order. */
export function printReport(
  { test, classes, shape }: ImageSet,
  { things, frame }: PictureSet,
  readings: readonly Reading[],
  terminal: Terminal,
): string {
  const { paint } = terminal;
  const { targets, inputs } = test;
  const wrong = readings.filter(({ index, label }) => label !== targets[index]);
  const right = readings.length - wrong.length;
  const matrix = confusionMatrix(
    targets,
    readings.map(({ label }) => label),
    classes.length,
  );
  const pairs = confusions(matrix)
    .slice(0, 3)
    .map(({ actual, read, times }) => `${classes[actual]} read as ${classes[read]} (${count(times)}×)`);

  const pixels = inputs.length / targets.length;
  const surest = wrong.toSorted((a, b) => b.confidence - a.confidence).slice(0, handful);
  const pictures = surest.map(({ index, label, confidence }) => {
    const [read, is] = [classes[label] as string, classes[targets[index] as number] as string];
    // rounded down: nothing here was certain
    const sure = `(${Math.floor(100 * confidence)} %)`;
    return {
      pixels: inputs.subarray(index * pixels, (index + 1) * pixels),
      caption: `read as ${paint('red', read)}, is ${paint('green', is)} ${paint('dim', sure)}`,
      captionWidth: `read as ${read}, is ${is} ${sure}`.length,
    };
  });
  const accuracy = paint(['bold', 'green'], percent(right / readings.length));
  const parts = [
    `test accuracy ${accuracy}  ${count(right)} of ${count(readings.length)} ${things} read right`,
  ];
  parts.push(printConfusion(matrix, classes, terminal));
  if (pairs.length > 0) parts.push(`most often: ${pairs.join(', ')}`);
  if (pictures.length > 0) {
    parts.push(
      `of the ${count(wrong.length)} read wrong, those it was surest of`,
      drawPictures(pictures, { shape, frame }, terminal),
    );
  }
  return parts.join('\n\n');
}

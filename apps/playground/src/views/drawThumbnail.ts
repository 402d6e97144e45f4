// A data set in the size of a thumb.
import { defaultData } from '../spec/defaults.ts';
import { domainOf, type Points, pointsOf } from '../spec/points.ts';
import { setNamed } from '../spec/sets.ts';
import { toCanvas } from './drawRegions.ts';
import { classColour, css, type Palette } from './palette.ts';

const known = new Map<string, Points>();

function sample(name: string): Points {
  const before = known.get(name);
  if (before) return before;
  const noise = (setNamed(name)?.noise ?? 0) / 2;
  const made = pointsOf({ ...defaultData, set: name, noise, examples: 90 });
  known.set(name, made);
  return made;
}

export function drawThumbnail(
  context: CanvasRenderingContext2D,
  pixels: number,
  name: string,
  palette: Palette,
): void {
  const points = sample(name);
  const { inputs, targets, columns, task } = points;
  const domain = domainOf(points);
  context.clearRect(0, 0, pixels, pixels);
  targets.forEach((target, i) => {
    const height = columns === 1 ? target : (inputs[2 * i + 1] as number);
    const [x, y] = toCanvas(domain, pixels, inputs[i * columns] as number, height);
    const label = task === 'classes' ? target : target < 0 ? 1 : 0;
    const strength = task === 'values' && columns === 2 ? 0.15 + Math.min(0.85, Math.abs(target)) : 1;
    context.fillStyle = css(classColour(palette, label), strength);
    context.beginPath();
    context.arc(x, y, pixels / 28, 0, 2 * Math.PI);
    context.fill();
  });
}

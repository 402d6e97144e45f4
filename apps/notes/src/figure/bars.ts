// A bar for each of several things, with its number above.
import { printNumber } from '../fact.ts';
import { bar, chart, note } from './chart.ts';

interface BarsOptions {
  readonly title: string;
  readonly label: string;
  readonly bars: readonly { readonly name: string; readonly value: number; readonly series?: number }[];
  readonly maximum?: number;
  readonly print?: (value: number) => string;
  readonly width?: number;
  readonly height?: number;
}

export function bars({ title, label, bars, maximum, print = printNumber, ...size }: BarsOptions): string {
  const top = maximum ?? Math.max(...bars.map(({ value }) => value));
  const height = top > 0 ? top * 1.15 : 1;
  return chart({
    title,
    description: bars.map(({ name, value }) => `${name}: ${print(value)}`).join('; '),
    x: { domain: [-0.6, bars.length - 0.4], ticks: bars.map(({ name }, at) => ({ at, text: name })) },
    y: { domain: [0, height], label },
    marks: bars.flatMap(({ value, series = 1 }, at) => [
      bar(at, value, { series }),
      note([at, Math.min(value, top) + height / 60], print(value), 'middle'),
    ]),
    ...size,
  });
}

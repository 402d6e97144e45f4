// What can be done with the stream that is written to: colours, redrawing, and how much room there is.
import { styleText } from 'node:util';
import type { Output } from './surroundings.ts';

export type Format = Parameters<typeof styleText>[0];

export interface Terminal {
  /** Whether a line can be drawn anew. */
  readonly interactive: boolean;
  /** `text` in a colour or a weight, where there are colours. */
  paint(format: Format, text: string): string;
}

export function describeTerminal(
  stream: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const interactive = stream.isTTY === true && environment.TERM !== 'dumb';
  // bits for a colour; Node heeds NO_COLOR and the like
  const isColourful = interactive && (stream.getColorDepth?.() ?? 1) > 1;
  return {
    interactive,
    paint: (format, text) => (isColourful ? styleText(format, text, { validateStream: false }) : text),
  };
}

// What can be done with the stream that is written to: colours, redrawing, and how much room there is.
import { styleText } from 'node:util';

export type Format = Parameters<typeof styleText>[0];

export interface Terminal {
  /** Whether a line can be drawn anew. */
  readonly interactive: boolean;
  readonly columns: number;
  /** How many colours there are to choose from: none, the palette of 256, or any. */
  readonly colours: 'none' | 'palette' | 'any';
  /** `text` in a colour or a weight, where there are colours. */
  paint(format: Format, text: string): string;
}

/** The part of process.stdout that matters. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  getColorDepth?(): number;
}

export function describeTerminal(stream: Stream, environment: NodeJS.ProcessEnv = process.env): Terminal {
  const interactive = stream.isTTY === true && environment.TERM !== 'dumb';
  // bits for a colour; Node heeds NO_COLOR and the like
  const depth = interactive ? (stream.getColorDepth?.() ?? 1) : 1;
  return {
    interactive,
    columns: (interactive && stream.columns) || 100,
    colours: depth >= 24 ? 'any' : depth >= 8 ? 'palette' : 'none',
    paint: (format, text) => (depth > 1 ? styleText(format, text, { validateStream: false }) : text),
  };
}

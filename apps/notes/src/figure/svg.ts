// SVG as text: figures are drawn in Node, in a worker and in tests alike, where there is no document.

export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A coordinate, in tenths of a pixel: enough to be smooth. */
export const coordinate = (value: number): string => String(Math.round(10 * value) / 10);

interface Picture {
  readonly title: string;
  /** What is to be seen, for who cannot see it. */
  readonly description?: string | undefined;
  readonly width: number;
  readonly height: number;
}

export function svg({ title, description = '', width, height }: Picture, content: string): string {
  const label = escapeText(description === '' ? title : `${title}. ${description}`);
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">${content}</svg>`;
}

interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly class?: string;
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { anchor = 'start', class: own = '' } = style;
  return `<text x="${coordinate(x)}" y="${coordinate(y)}" text-anchor="${anchor}" class="${own}">${escapeText(content)}</text>`;
}

/** Several pictures side by side, as far as there is room. */
export const panels = (...pictures: readonly string[]): string =>
  `<div class="panels">${pictures.join('')}</div>`;

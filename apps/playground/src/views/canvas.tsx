// A square canvas that is drawn anew whenever what it shows changes, as sharp as the screen is.
import type { CanvasHTMLAttributes } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { schedule } from './paintQueue.ts';

interface CanvasProps extends Omit<CanvasHTMLAttributes<HTMLCanvasElement>, 'label'> {
  /** What the picture says, for those who do not see it. */
  readonly label: string;
  /** Pixels along each side, where they are to be enlarged smoothly; those of the screen if not given. */
  readonly resolution?: number | undefined;
  draw(context: CanvasRenderingContext2D, pixels: number): void;
}

export function Canvas({ label, resolution, draw, ...rest }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || resolution !== undefined) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, [resolution]);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    const pixels = resolution ?? Math.round(width * Math.min(2, devicePixelRatio));
    if (!element || !context || pixels === 0) return;
    schedule(element, () => {
      if (element.width !== pixels) {
        element.width = pixels;
        element.height = pixels;
      }
      draw(context, pixels);
    });
  });
  return <canvas ref={canvas} role="img" aria-label={label} {...rest} />;
}

// What one unit makes of the plane, or of the line.
import type { LayerFrame } from '../training/protocol.ts';
import { imageOf } from './drawRegions.ts';
import { css, divergingInto, type Palette } from './palette.ts';

/** The largest output of a unit anywhere, so that its map uses all of the colours. */
function reachOf({ grid, shown }: LayerFrame, unit: number): number {
  let most = 1e-6;
  for (let i = unit; i < grid.length; i += shown) most = Math.max(most, Math.abs(grid[i] as number));
  return most;
}

export function drawUnit(
  context: CanvasRenderingContext2D,
  pixels: number,
  layer: LayerFrame,
  unit: number,
  size: number,
  palette: Palette,
): void {
  const { shown } = layer;
  const reach = reachOf(layer, unit);
  const places = layer.grid.length / shown;
  if (places !== size * size) {
    context.fillStyle = css(palette.neutral);
    context.fillRect(0, 0, pixels, pixels);
    context.strokeStyle = palette.accent;
    context.lineWidth = 2;
    context.beginPath();
    for (let i = 0; i < places; i++) {
      const value = (layer.grid[i * shown + unit] as number) / reach;
      context.lineTo(((i + 0.5) / places) * pixels, (0.5 - 0.42 * value) * pixels);
    }
    context.stroke();
    return;
  }
  const image = imageOf(context, size);
  for (let i = 0; i < places; i++)
    divergingInto(image.data, 4 * i, palette, (layer.grid[i * shown + unit] as number) / reach);
  context.putImageData(image, 0, 0);
}

// A small map for each unit of a layer. Dead and saturated units are framed; a click puts a unit on an axis of the warped grid.
import { digits, percent } from '../spec/words.ts';
import { details, theme, warped } from '../state.ts';
import type { LayerFrame } from '../training/protocol.ts';
import { Canvas } from '../views/canvas.tsx';
import { drawUnit } from '../views/drawUnit.ts';
import { paletteOf } from '../views/palette.ts';

/** Maps of a layer; of more units there are numbers, but no room. */
const mostMaps = 48;

/** Shares of the points above which a unit counts as dead or saturated. */
const isDead = (layer: LayerFrame, unit: number): boolean => layer.dead?.[unit] === 1;
const isSaturated = (layer: LayerFrame, unit: number): boolean =>
  !isDead(layer, unit) && (layer.saturated?.[unit] ?? 0) > 0.9;

export function UnitMaps({ frame: layer }: { readonly frame: LayerFrame | undefined }) {
  const size = details.value?.units.size ?? 0;
  if (!layer || size === 0) return <div class="units" />;
  const palette = paletteOf(theme.value);
  const shown = Math.min(layer.shown, mostMaps);
  const { layer: warpedLayer, pair } = warped.value;
  const count = (is: (layer: LayerFrame, unit: number) => boolean): number =>
    Array.from({ length: layer.shown }, (_, unit) => unit).filter((unit) => is(layer, unit)).length;
  const [dead, saturated] = [count(isDead), count(isSaturated)];
  return (
    <div class="units">
      {Array.from({ length: shown }, (_, unit) => {
        const state = isDead(layer, unit) ? 'dead' : isSaturated(layer, unit) ? 'saturated' : '';
        const axis = warpedLayer === layer.name ? pair.indexOf(unit) : -1;
        const text = describe(layer, unit);
        return (
          <button
            key={unit}
            type="button"
            class={`unit ${state}`}
            title={`${text}\nClick: put it on an axis of the warped grid`}
            aria-label={text}
            aria-pressed={axis >= 0}
            onClick={() => {
              const other = warpedLayer === layer.name ? pair[1] : unit === 0 ? 1 : 0;
              warped.value = { layer: layer.name, pair: [other, unit] };
            }}
          >
            <Canvas
              label=""
              aria-hidden
              resolution={layer.grid.length === size * size * layer.shown ? size : undefined}
              draw={(context, pixels) => drawUnit(context, pixels, layer, unit, size, palette)}
            />
            {axis >= 0 && <i class="axis">{axis === 0 ? 'x' : 'y'}</i>}
          </button>
        );
      })}
      {layer.units > shown && <span class="muted">+ {layer.units - shown} more</span>}
      {dead > 0 && <span class="tag dead">{dead} dead</span>}
      {saturated > 0 && <span class="tag saturated">{saturated} saturated</span>}
    </div>
  );
}

function describe(layer: LayerFrame, unit: number): string {
  const name = `unit ${unit + 1} of ${layer.name}`;
  if (isDead(layer, unit)) return `${name}: dead, no point activates it`;
  const dead = layer.dead?.[unit];
  const saturated = layer.saturated?.[unit];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = unit; i < layer.grid.length; i += layer.shown) {
    const value = layer.grid[i] as number;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = `from ${digits(low)} to ${digits(high)}`;
  if (dead === undefined || saturated === undefined) return `${name}: ${range}`;
  return `${name}: ${range}, active on ${percent(1 - dead)} of the points, saturated on ${percent(saturated)}`;
}

// Inside the network: the plane as a hidden layer has moved it, and how weights and activations are spread.
import { useState } from 'preact/hooks';
import { digits } from '../spec/words.ts';
import { details, info, points, theme, warped } from '../state.ts';
import type { Histogram, LayerFrame, UnitsFrame } from '../training/protocol.ts';
import { Canvas } from '../views/canvas.tsx';
import { drawWarp } from '../views/drawWarp.ts';
import { paletteOf } from '../views/palette.ts';
import { Choice, Panel } from './controls.tsx';

/** Layers with two units at least, the last hidden one first where nobody chose. */
function chosenLayer(layers: readonly LayerFrame[]): LayerFrame | undefined {
  const wide = layers.filter(({ units }) => units >= 2);
  return (
    wide.find(({ name }) => name === warped.value.layer) ??
    wide.findLast((layer) => layer !== layers.at(-1)) ??
    wide[0]
  );
}

export function WarpPanel() {
  const shown = details.value;
  const units = shown?.units;
  const own = points.value;
  const layer = units && chosenLayer(units.layers);
  if (!shown || !units || !own || !layer) return null;
  const [x, y] = warped.value.pair.map((unit) => Math.min(unit, layer.shown - 1)) as [number, number];
  const pair: [number, number] = [x, y === x ? (x === 0 ? 1 : 0) : y];
  const palette = paletteOf(theme.value);
  const choose = (part: { layer?: string; pair?: [number, number] }): void => {
    warped.value = { layer: layer.name, pair, ...part };
  };
  const choices = Array.from(
    { length: layer.shown },
    (_, unit) => [String(unit), `unit ${unit + 1}`] as const,
  );
  const isReady = layer.points.length / layer.shown <= own.targets.length;
  return (
    <Panel title="The plane, warped" class="warp">
      <div class="row">
        <Choice
          label="by layer"
          value={layer.name}
          choices={units.layers.filter((each) => each.units >= 2).map(({ name }) => [name, name])}
          onChoose={(name) => choose({ layer: name, pair: [0, 1] })}
        />
        <Choice
          label="x"
          value={String(pair[0])}
          choices={choices}
          onChoose={(unit) => choose({ pair: [Number(unit), pair[1]] })}
        />
        <Choice
          label="y"
          value={String(pair[1])}
          choices={choices}
          onChoose={(unit) => choose({ pair: [pair[0], Number(unit)] })}
        />
        <button
          type="button"
          class="quiet"
          title="The next pair of units"
          onClick={() => choose({ pair: nextPair(pair, layer.shown) })}
        >
          next pair
        </button>
      </div>
      <Canvas
        label={`The plane by the outputs of units ${pair[0] + 1} and ${pair[1] + 1} of ${layer.name}`}
        draw={(context, pixels) => {
          if (isReady)
            drawWarp(context, pixels, {
              layer,
              pair,
              size: units.size,
              points: own,
              regions: shown.regions,
              palette,
            });
        }}
      />
    </Panel>
  );
}

function nextPair([x, y]: readonly [number, number], units: number): [number, number] {
  if (y + 1 < units) return [x, y + 1];
  return x + 2 < units ? [x + 1, x + 2] : [0, 1];
}

export function HistogramsPanel() {
  const [what, setWhat] = useState<'weights' | 'activations'>('weights');
  const units: UnitsFrame | undefined = details.value?.units;
  if (!units) return null;
  const names = new Set(info.value?.layers.map(({ name }) => name));
  const shown = units[what].filter(({ name }) => names.size === 0 || names.has(name));
  return (
    <Panel
      title="Histograms"
      class="inside"
      aside={
        <fieldset class="switch">
          <legend class="unseen">histograms of</legend>
          {(['weights', 'activations'] as const).map((name) => (
            <label key={name}>
              <input type="radio" name="histograms" checked={what === name} onChange={() => setWhat(name)} />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
      }
    >
      <div class="histograms">
        {shown.map((histogram) => (
          <Bars key={histogram.name} histogram={histogram} />
        ))}
      </div>
    </Panel>
  );
}

function Bars({ histogram: { name, low, high, counts } }: { readonly histogram: Histogram }) {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const width = 100 / counts.length;
  return (
    <figure>
      <svg
        viewBox="0 0 100 36"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name}: from ${digits(low)} to ${digits(high)}`}
      >
        {Array.from(counts, (count, i) => {
          const height = count === 0 ? 0 : Math.max(0.8, (36 * count) / most);
          return <rect key={i} x={i * width} y={36 - height} width={width * 0.86} height={height} />;
        })}
      </svg>
      <figcaption>
        <span class="muted number">{digits(low)}</span>
        <span>{name}</span>
        <span class="muted number">{digits(high)}</span>
      </figcaption>
    </figure>
  );
}

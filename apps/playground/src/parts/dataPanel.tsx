// What is trained on: the set, its noise, the part that is kept for the test, and points of one's own.
import { change } from '../client.ts';
import { otherSet } from '../spec/changeData.ts';
import { setNamed, sets } from '../spec/sets.ts';
import type { DataSpec, RunSpec } from '../spec/spec.ts';
import { percent } from '../spec/words.ts';
import { points, spec, theme } from '../state.ts';
import { Canvas } from '../views/canvas.tsx';
import { drawThumbnail } from '../views/drawThumbnail.ts';
import { paletteOf } from '../views/palette.ts';
import { NumberField, Panel, Slider } from './controls.tsx';
import { OwnData } from './ownData.tsx';

export function DataPanel({ now }: { readonly now: RunSpec }) {
  const { data } = now;
  const set = setNamed(data.set);
  const edit = (part: Partial<DataSpec>): void => change({ data: { ...data, ...part } });
  const edited = data.points.length + data.removed.length;
  return (
    <Panel title="Data" aside={<span class="muted">{points.value?.targets.length} points</span>}>
      <fieldset class="sets">
        <legend class="unseen">data set</legend>
        {sets.map(({ name, title }) => (
          <label key={name} title={title}>
            <input
              type="radio"
              name="set"
              value={name}
              checked={data.set === name}
              onChange={() => change(otherSet(now, name))}
            />
            <Thumbnail name={name} />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      {set && (
        <Slider
          label="noise"
          value={data.noise}
          minimum={0}
          maximum={set.maximalNoise}
          step={0.01}
          print={(value) => value.toFixed(2)}
          onSet={(noise) => edit({ noise })}
        />
      )}
      <Slider
        label="for the test"
        title="Points that are kept for the test: hollow in the picture"
        value={data.testShare}
        minimum={0}
        maximum={0.8}
        step={0.05}
        print={(value) => percent(value).replace('.0', '')}
        onSet={(testShare) => edit({ testShare })}
      />
      {set?.examples !== undefined && (
        <NumberField
          label="points"
          value={data.examples}
          accepts={(value) => Number.isInteger(value) && value >= 2 && value <= 5000}
          onSet={(examples) => edit({ examples: examples ?? set.examples ?? 200 })}
        />
      )}
      {set && (
        <NumberField
          label="data seed"
          value={data.seed}
          accepts={Number.isSafeInteger}
          onSet={(seed) => edit({ seed: seed ?? 1 })}
        />
      )}
      {set && edited > 0 && (
        <button type="button" class="quiet" onClick={() => edit({ points: [], removed: [] })}>
          Undo {edited} edited {edited === 1 ? 'point' : 'points'}
        </button>
      )}
      <OwnData now={spec.value ?? now} />
    </Panel>
  );
}

function Thumbnail({ name }: { readonly name: string }) {
  const palette = paletteOf(theme.value);
  return (
    <Canvas label="" aria-hidden draw={(context, pixels) => drawThumbnail(context, pixels, name, palette)} />
  );
}

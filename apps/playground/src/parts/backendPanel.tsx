// Where it computes. The training moves there in the middle of the run.
import { change, send } from '../client.ts';
import type { PluginSpec } from '../plugins.ts';
import type { RunSpec } from '../spec/spec.ts';
import { words } from '../spec/words.ts';
import { frame, info, isMeasuring, speeds } from '../state.ts';
import { backendVariants } from '../training/variants.ts';
import { Panel } from './controls.tsx';
import { PluginFields } from './pluginForm.tsx';

const same = (a: PluginSpec, b: PluginSpec): boolean => JSON.stringify(a) === JSON.stringify(b);

const nameOf = ({ type, ...options }: PluginSpec): string =>
  [type, ...Object.values(options).map((value) => words(String(value)))].join(' · ');

const rate = (value: number): string => `${Number(value.toPrecision(2)).toLocaleString('en')} steps/s`;

export function BackendPanel({ now: { backend } }: { readonly now: RunSpec }) {
  const listed = backendVariants();
  const variants = listed.some((variant) => same(variant, backend)) ? listed : [...listed, backend];
  const { mode, notes } = info.value ?? { mode: '', notes: [] };
  return (
    <Panel
      title="Backend"
      aside={
        <button
          type="button"
          class="quiet"
          disabled={isMeasuring.value}
          title="Trains a copy of this run on each for a moment"
          onClick={() => {
            speeds.value = [];
            isMeasuring.value = true;
            send({ type: 'measure' });
          }}
        >
          {isMeasuring.value ? 'measuring …' : 'Measure all'}
        </button>
      }
    >
      <fieldset class="backends">
        <legend class="unseen">backend</legend>
        {variants.map((variant) => {
          const measured = speeds.value.find((speed) => same(speed.backend, variant));
          const isUsed = same(variant, backend);
          const speed = (isUsed && frame.value?.stepsPerSecond) || measured?.stepsPerSecond;
          return (
            <label key={nameOf(variant)} title={measured?.error}>
              <input
                type="radio"
                name="backend"
                checked={isUsed}
                onChange={() => change({ backend: variant })}
              />
              <span class="grow">{nameOf(variant)}</span>
              <span class="muted number">{speed ? rate(speed) : measured?.error ? 'not here' : ''}</span>
            </label>
          );
        })}
      </fieldset>
      <p class="hint">
        {mode}
        {notes.length > 0 && <span title={notes.join('\n')}> · {notes[0]}</span>}
      </p>
      <details class="more inline">
        <summary>options</summary>
        <PluginFields kind="backend" value={backend} onSet={(next) => change({ backend: next })} />
      </details>
    </Panel>
  );
}

// The layers, one under the other: what each is, and what each of its units makes of the plane.
import { change } from '../client.ts';
import { plugins } from '../plugins.ts';
import { fieldsOf, initialSpec } from '../spec/forms.ts';
import type { LayerSpec, RunSpec } from '../spec/spec.ts';
import { digits, words } from '../spec/words.ts';
import { details, info } from '../state.ts';
import type { LayerFrame, LayerInfo } from '../training/protocol.ts';
import { Choice, Panel, Slider } from './controls.tsx';
import { PluginFields } from './pluginForm.tsx';
import { UnitMaps } from './unitMaps.tsx';

const has = (type: string, option: string): boolean =>
  fieldsOf('layer', type).some(({ name }) => name === option);

export function NetworkPanel({ now }: { readonly now: RunSpec }) {
  const { layers } = now;
  const parameters = info.value?.parameters;
  const set = (next: readonly LayerSpec[]): void => change({ layers: next });
  // Dropout is a layer of its own to the network: which of its layers is the i-th of the spec.
  const positions: number[] = [];
  layers.reduce((position, { dropout = 0 }) => {
    positions.push(position);
    return position + (dropout > 0 ? 2 : 1);
  }, 0);
  const shown = info.value?.layers ?? [];
  const frames = details.value?.units.layers ?? [];
  const last = layers.length - 1;
  const add = (): void => {
    const model = layers.findLast(({ type }) => has(type, 'units'));
    set([...layers, model ?? { type: 'dense', units: 4, activation: { type: 'relu' } }]);
  };
  return (
    <Panel
      title="Network"
      aside={
        <span class="muted">
          {parameters === undefined ? '' : `${parameters.toLocaleString('en')} parameters`}
        </span>
      }
    >
      <ol class="layers">
        {layers.map((layer, i) => (
          <LayerRow
            key={i}
            layer={layer}
            place={`layer ${i + 1}`}
            info={shown[positions[i] as number]}
            frame={frames[positions[i] as number]}
            onSet={(next) => set(layers.map((own, j) => (j === i ? next : own)))}
            onRemove={() => set(layers.filter((_, j) => j !== i))}
            onMove={
              last > 0
                ? (by) => {
                    const to = Math.max(0, Math.min(last, i + by));
                    const rest = layers.filter((_, j) => j !== i);
                    set([...rest.slice(0, to), layer, ...rest.slice(to)]);
                  }
                : undefined
            }
          />
        ))}
        <li class="layer">
          <div class="layer-head">
            <strong>output</strong>
            <span class="muted">{outputText(shown.at(-1))}</span>
            <LayerOptions
              layer={{ type: 'dense', ...now.output }}
              hidden={['units', 'name']}
              onSet={({ type: _, ...output }) => change({ output })}
            />
          </div>
          <UnitMaps frame={frames.at(-1)} />
        </li>
      </ol>
      <button type="button" class="quiet" onClick={add}>
        + Add a layer
      </button>
    </Panel>
  );
}

const outputText = (layer: LayerInfo | undefined): string =>
  layer
    ? `${layer.output[0]} ${layer.output[0] === 1 ? 'unit' : 'units'} · ${digits(layer.parameters)} parameters`
    : '';

interface LayerRowProps {
  readonly layer: LayerSpec;
  readonly place: string;
  readonly info: LayerInfo | undefined;
  readonly frame: LayerFrame | undefined;
  onSet(layer: LayerSpec): void;
  onRemove(): void;
  readonly onMove: ((by: number) => void) | undefined;
}

function LayerRow({ layer, place, info: own, frame: maps, onSet, onRemove, onMove }: LayerRowProps) {
  const hasUnits = has(layer.type, 'units');
  const hasActivation = has(layer.type, 'activation');
  const units = Number(layer.units ?? 1);
  const setUnits = (next: number): void => onSet({ ...layer, units: Math.max(1, next) });
  return (
    <li class="layer">
      <div class="layer-head">
        <Choice
          label={`type of ${place}`}
          value={layer.type}
          choices={(plugins.names('layer') as string[]).map((name) => [name, words(name)])}
          onChoose={(type) => onSet({ ...initialSpec('layer', type, layer) })}
        />
        {hasUnits && (
          <fieldset class="stepper">
            <legend class="unseen">units of {place}</legend>
            <button type="button" aria-label="one unit less" onClick={() => setUnits(units - 1)}>
              −
            </button>
            <input
              type="text"
              inputMode="numeric"
              aria-label={`units of ${place}`}
              value={units}
              onChange={({ currentTarget }) => {
                const next = Number(currentTarget.value);
                if (Number.isInteger(next) && next >= 1 && next <= 2000) setUnits(next);
                else currentTarget.value = String(units);
              }}
            />
            <button type="button" aria-label="one unit more" onClick={() => setUnits(units + 1)}>
              +
            </button>
          </fieldset>
        )}
        {hasActivation && (
          <Choice
            label={`activation of ${place}`}
            value={(layer.activation as { type: string } | undefined)?.type ?? ''}
            choices={[
              ['', 'no activation'],
              ...(plugins.names('activation') as string[]).map((name) => [name, words(name)] as const),
            ]}
            onChoose={(type) => {
              const { activation: _, ...rest } = layer;
              onSet(type === '' ? (rest as LayerSpec) : { ...layer, activation: { type } });
            }}
          />
        )}
        <span class="muted grow">
          {own && own.parameters > 0 ? `${digits(own.parameters)} parameters` : ''}
        </span>
        <LayerOptions
          layer={layer}
          hidden={['units', 'name']}
          onSet={onSet}
          onMove={onMove}
          withDropout={hasUnits}
        />
        <button
          type="button"
          class="icon"
          aria-label={`remove ${place}`}
          title="Remove this layer"
          onClick={onRemove}
        >
          ×
        </button>
      </div>
      <UnitMaps frame={maps} />
    </li>
  );
}

interface LayerOptionsProps {
  readonly layer: LayerSpec;
  readonly hidden: readonly string[];
  readonly withDropout?: boolean;
  onSet(layer: LayerSpec): void;
  readonly onMove?: ((by: number) => void) | undefined;
}

/** Everything else that a layer can be told, behind a button. */
function LayerOptions({ layer, hidden, withDropout = false, onSet, onMove }: LayerOptionsProps) {
  const { dropout = 0, ...plain } = layer;
  const keep = (next: LayerSpec): LayerSpec => (dropout > 0 ? { ...next, dropout } : next);
  const told = Object.keys(plain).filter((name) => !['type', 'units', 'activation'].includes(name));
  return (
    <details class="more">
      <summary title="More options of this layer">
        options
        {told.length + (dropout > 0 ? 1 : 0) > 0 && (
          <span class="badge">{told.length + (dropout > 0 ? 1 : 0)}</span>
        )}
      </summary>
      <div class="popup">
        {withDropout && (
          <Slider
            label="dropout"
            value={dropout}
            minimum={0}
            maximum={0.9}
            step={0.05}
            print={(value) => value.toFixed(2)}
            onSet={(rate) => onSet((rate > 0 ? { ...plain, dropout: rate } : plain) as LayerSpec)}
          />
        )}
        <PluginFields
          kind="layer"
          value={plain}
          hidden={hidden}
          onSet={(next) => onSet(keep(next as LayerSpec))}
        />
        {onMove && (
          <div class="row">
            <button type="button" class="quiet" onClick={() => onMove(-1)}>
              ↑ earlier
            </button>
            <button type="button" class="quiet" onClick={() => onMove(1)}>
              ↓ later
            </button>
          </div>
        )}
      </div>
    </details>
  );
}

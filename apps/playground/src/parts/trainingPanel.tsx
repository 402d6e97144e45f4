// How it is trained: loss, optimizer, penalty, batches, seed.
import { change } from '../client.ts';
import type { RunSpec } from '../spec/spec.ts';
import { info } from '../state.ts';
import { NumberField, Panel } from './controls.tsx';
import { PluginForm } from './pluginForm.tsx';

export function TrainingPanel({ now }: { readonly now: RunSpec }) {
  const stepsPerEpoch = info.value?.stepsPerEpoch;
  return (
    <Panel title="Training" aside={<span class="muted">{stepsPerEpoch} steps an epoch</span>}>
      <PluginForm
        kind="optimizer"
        label="optimizer"
        value={now.optimizer}
        onSet={(optimizer) => optimizer && change({ optimizer })}
      />
      <PluginForm kind="loss" label="loss" value={now.loss} onSet={(loss) => loss && change({ loss })} />
      <PluginForm
        kind="regularizer"
        label="regularizer"
        none="none"
        value={now.regularizer ?? undefined}
        onSet={(regularizer) => change({ regularizer: regularizer ?? null })}
      />
      <NumberField
        label="batch size"
        value={now.batchSize}
        accepts={(value) => Number.isInteger(value) && value >= 1}
        onSet={(batchSize) => change({ batchSize: batchSize ?? 20 })}
      />
      <div class="with-button">
        <NumberField
          label="seed"
          title="Initial weights, order of the examples and dropout follow from it"
          value={now.seed}
          accepts={Number.isSafeInteger}
          onSet={(seed) => change({ seed: seed ?? 1 })}
        />
        <button type="button" class="quiet" onClick={() => change({ seed: now.seed + 1 })}>
          next
        </button>
      </div>
    </Panel>
  );
}

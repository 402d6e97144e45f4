// The page: what there is, and where.
import { signal, useSignalEffect } from '@preact/signals';
import { play, send, togglePlay } from '../client.ts';
import { type Preset, presets, programsOf } from '../spec/presets.ts';
import { divergedAt, frame, info, preset, refusal, spec, theme } from '../state.ts';
import { BackendPanel } from './backendPanel.tsx';
import { CurvesPanel } from './curvesPanel.tsx';
import { DataPanel } from './dataPanel.tsx';
import { Header, TimeLine } from './header.tsx';
import { HistogramsPanel, WarpPanel } from './insidePanel.tsx';
import { NetworkPanel } from './networkPanel.tsx';
import { RegionsPanel, Summary } from './regionsPanel.tsx';
import { TrainingPanel } from './trainingPanel.tsx';

/** The summary is read out now and then, not with each frame. */
const spoken = signal('');
let spokenAt = 0;

export function App() {
  useSignalEffect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
  useSignalEffect(() => {
    const shown = frame.value;
    if (!shown || (shown.playing && Date.now() - spokenAt < 5000)) return;
    spokenAt = Date.now();
    spoken.value = Summary() ?? '';
  });
  const now = spec.value;
  if (!now) return <p class="loading">loading …</p>;
  return (
    <div class="page">
      <Header />
      <TimeLine />
      <Stories />
      <Warnings />
      <main>
        <div class="column settings">
          <DataPanel now={now} />
          <TrainingPanel now={now} />
          <BackendPanel now={now} />
        </div>
        <div class="column network">
          <NetworkPanel now={now} />
        </div>
        <div class="insides">
          <WarpPanel />
          <HistogramsPanel />
        </div>
        <div class="column result">
          <RegionsPanel now={now} />
          <CurvesPanel />
        </div>
      </main>
      <p class="unseen" aria-live="polite">
        {spoken.value}
      </p>
    </div>
  );
}

function openPreset(chosen: Preset): void {
  preset.value = chosen;
  refusal.value = undefined;
  send({ type: 'open', programs: programsOf(chosen) });
  play(chosen.steps);
}

function Stories() {
  const chosen = preset.value;
  return (
    <nav class="stories" aria-label="stories">
      <div class="chips">
        {presets.map((each) => (
          <button
            key={each.id}
            type="button"
            class="chip"
            aria-pressed={chosen?.id === each.id}
            title={each.story}
            onClick={() => openPreset(each)}
          >
            {each.title}
          </button>
        ))}
      </div>
      {chosen && <p class="story">{chosen.story}</p>}
    </nav>
  );
}

function Warnings() {
  const at = divergedAt.value;
  const warnings = info.value?.warnings ?? [];
  if (at === undefined && refusal.value === undefined && warnings.length === 0) return null;
  return (
    <div class="warnings" role="alert">
      {at !== undefined && (
        <p>
          From step {at.toLocaleString('en')} on the loss is no finite number any more: the steps were so long
          that the weights grew beyond all bounds. Take the time line back and lower the learning rate there,
          or clip the gradients.
        </p>
      )}
      {refusal.value !== undefined && <p>{refusal.value}</p>}
      {warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
    </div>
  );
}

/** Space, s, r and the arrows, where no field has the focus. */
export function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (
    target.closest('input, select, textarea, button, summary') ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey
  )
    return;
  const step = frame.value?.live.step ?? 0;
  const head = frame.value?.head ?? 0;
  const stride = Math.max(1, Math.round(head / 100));
  const actions: Readonly<Record<string, () => void>> = {
    ' ': togglePlay,
    s: () => send({ type: 'step', count: 1 }),
    r: () => send({ type: 'reset' }),
    ArrowLeft: () => send({ type: 'seek', step: step - stride }),
    ArrowRight: () => send({ type: 'seek', step: Math.min(head, step + stride) }),
    Home: () => send({ type: 'seek', step: 0 }),
    End: () => send({ type: 'seek', step: head }),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

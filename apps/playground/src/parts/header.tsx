// Play, pause, step, reset; where the run is, and how good; the time line; what can be taken along.
import { play, send, togglePlay } from '../client.ts';
import { digits, percent } from '../spec/words.ts';
import { busy, frame, info, isPlaying, notice, otherInfo, points, stepsPerSecond, theme } from '../state.ts';
import { Exports } from './exports.tsx';

const paces: readonly (readonly [number, string])[] = [
  [2, '2 steps/s'],
  [20, '20 steps/s'],
  [200, '200 steps/s'],
  [1000, '1,000 steps/s'],
  [1e9, 'full speed'],
];

export function Header() {
  return (
    <header class="top">
      <h1>
        Neurite <span>playground</span>
      </h1>
      <div class="transport" role="toolbar" aria-label="training">
        <button
          type="button"
          title="Back to step 0 (r)"
          aria-label="reset"
          aria-keyshortcuts="r"
          onClick={() => send({ type: 'reset' })}
        >
          <Icon path="M4 4v6h6M5 10a8 8 0 1 1 1 8" />
        </button>
        <button
          type="button"
          class="play"
          title="Play or pause (space)"
          aria-label={isPlaying.value ? 'pause' : 'play'}
          aria-keyshortcuts="Space"
          onClick={togglePlay}
        >
          <Icon path={isPlaying.value ? 'M8 5v14M16 5v14' : 'M8 4.5v15l12-7.5z'} filled={!isPlaying.value} />
        </button>
        <button
          type="button"
          title="One step (s)"
          aria-label="one step"
          aria-keyshortcuts="s"
          onClick={() => send({ type: 'step', count: 1 })}
        >
          <Icon path="M6 5v14l9-7zM19 5v14" filled />
        </button>
        <select
          aria-label="pace"
          value={stepsPerSecond.value}
          onChange={({ currentTarget }) => {
            stepsPerSecond.value = Number(currentTarget.value);
            if (isPlaying.value) play();
          }}
        >
          {paces.map(([value, text]) => (
            <option key={value} value={value} selected={value === stepsPerSecond.value}>
              {text}
            </option>
          ))}
        </select>
      </div>
      <Readouts />
      <div class="row end">
        <output class="muted">
          {busy.value ? `${busy.value.what} ${percent(busy.value.part)}` : notice.value}
        </output>
        <Exports />
        <button
          type="button"
          class="icon"
          aria-label={theme.value === 'dark' ? 'light colours' : 'dark colours'}
          title="Light or dark"
          onClick={() => {
            theme.value = theme.value === 'dark' ? 'light' : 'dark';
          }}
        >
          <Icon
            path={
              theme.value === 'dark'
                ? 'M12 3v2M12 19v2M3 12h2M19 12h2M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8'
                : 'M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10z'
            }
          />
        </button>
      </div>
    </header>
  );
}

function Readouts() {
  const shown = frame.value?.live;
  const isClasses = points.value?.task !== 'values';
  const print = isClasses ? percent : digits;
  const now = shown?.now;
  const hasTest = now !== undefined && Number.isFinite(now.testLoss);
  const entries: readonly (readonly [string, string, string])[] = [
    ['step', shown ? shown.step.toLocaleString('en') : '–', 'step'],
    ['epoch', shown ? shown.epoch.toLocaleString('en') : '–', 'epoch'],
    ['loss', now ? digits(now.loss) : '–', 'loss'],
    [isClasses ? 'accuracy' : 'R²', now ? print(now.score) : '–', 'score'],
    ['test', now && hasTest ? print(now.testScore) : '–', 'test-score'],
  ];
  return (
    <dl class="readouts">
      {entries.map(([name, value, id]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-testid={id}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Icon({ path, filled = false }: { readonly path: string; readonly filled?: boolean }) {
  return (
    <svg class={filled ? 'filled' : ''} viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

/** The whole run; taking it back shows it as it was, and a change there is a branch. */
export function TimeLine() {
  const shown = frame.value;
  const head = shown?.head ?? 0;
  const step = shown?.live.step ?? 0;
  const changes = info.value?.program.changes ?? [];
  const isBack = step < head;
  return (
    <section class="timeline" aria-label="the run">
      <span class="muted" aria-hidden="true">
        time line
      </span>
      <div class="track">
        <input
          type="range"
          aria-label="time line"
          min={0}
          max={Math.max(1, head)}
          step={1}
          value={step}
          disabled={head === 0}
          aria-valuetext={`step ${step} of ${head}`}
          onInput={({ currentTarget }) => send({ type: 'seek', step: Number(currentTarget.value) })}
        />
        {changes.map(({ at, spec }) => (
          <i
            key={at}
            class="change"
            style={{ left: `${(100 * at) / Math.max(1, head)}%` }}
            title={`step ${at}: ${Object.keys(spec).join(', ')} changed`}
          />
        ))}
      </div>
      <span class="muted number">
        {head.toLocaleString('en')} {head === 1 ? 'step' : 'steps'}
      </span>
      {isBack && <span class="hint">Change something here, and the run branches.</span>}
      {otherInfo.value && (
        <button type="button" class="quiet" onClick={() => send({ type: 'forget' })}>
          end the comparison
        </button>
      )}
    </section>
  );
}

// The plane as the network sees it. A click adds a point; with two runs there are two of them.
import { computed } from '@preact/signals';
import { memo } from 'preact/compat';
import { change } from '../client.ts';
import { domainOf, type Points, pointsOf } from '../spec/points.ts';
import type { RunSpec } from '../spec/spec.ts';
import { digits, percent } from '../spec/words.ts';
import { frame, info, otherInfo, points, type Theme, theme, tool } from '../state.ts';
import type { RunFrame } from '../training/protocol.ts';
import { Canvas } from '../views/canvas.tsx';
import { drawCells, drawLine, drawPoints, fromCanvas } from '../views/drawRegions.ts';
import { classColour, css, paletteOf } from '../views/palette.ts';
import { Panel } from './controls.tsx';

export function RegionsPanel({ now }: { readonly now: RunSpec }) {
  const shown = points.value;
  const runs = frame.value;
  const other = otherInfo.value;
  if (!shown) return null;
  const isPair = runs?.other !== undefined && other !== undefined;
  return (
    <Panel
      title={
        shown.columns === 1 ? 'The curve' : shown.task === 'classes' ? 'Decision regions' : 'The surface'
      }
      aside={<Tools now={now} classes={shown.task === 'classes' ? shown.classes : 1} />}
    >
      <div class={isPair ? 'pair' : ''}>
        <figure>
          {isPair && <figcaption>this run{runs && <Scores run={runs.live} spec={now} />}</figcaption>}
          <Regions now={now} run={runs?.live} />
        </figure>
        {isPair && (
          <figure>
            <figcaption>
              beside it
              <Scores run={runs.other as RunFrame} spec={other.spec} />
            </figcaption>
            <OtherRegions spec={other.spec} run={runs.other as RunFrame} />
          </figure>
        )}
      </div>
    </Panel>
  );
}

function Scores({ run, spec }: { readonly run: RunFrame; readonly spec: RunSpec }) {
  const { score, testScore } = run.now;
  const isClasses = pointsOf(spec.data).task === 'classes';
  const print = isClasses ? percent : digits;
  return (
    <span class="muted number">
      {print(score)}
      {Number.isFinite(testScore) && ` · test ${print(testScore)}`}
    </span>
  );
}

function Regions({ now, run }: { readonly now: RunSpec; readonly run: RunFrame | undefined }) {
  const shown = points.value;
  if (!shown) return null;
  const domain = domainOf(shown);
  const edit = (event: MouseEvent & { currentTarget: HTMLElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const u = (event.clientX - box.left) / box.width;
    const v = (event.clientY - box.top) / box.height;
    const [x, y] = fromCanvas(domain, u, v);
    if (event.ctrlKey || event.metaKey || tool.value === 'remove') takeOut(now, x, y);
    else add(now, x, y, event.shiftKey ? 1 - Math.min(1, tool.value) : tool.value);
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: points can be typed under “Own data”
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      class="regions own-regions"
      data-testid="regions"
      onClick={edit}
      onContextMenu={(event) => event.ctrlKey && edit(event)}
    >
      {run && fitsPoints(run) && <Picture run={run} spec={now} shown={shown} />}
    </div>
  );
}

interface PictureProps {
  readonly run: RunFrame;
  readonly spec: RunSpec;
  readonly shown: Points;
}

/** What changes with each step is on a canvas of its own, under the points. */
function Picture({ run: { regions }, run, spec, shown }: PictureProps) {
  const domain = domainOf(shown);
  const palette = paletteOf(theme.value);
  const picture = { regions, points: shown, domain, palette };
  if (regions.kind === 'line') {
    return (
      <Canvas label={describe(run, spec)} draw={(context, pixels) => drawLine(context, pixels, picture)} />
    );
  }
  return (
    <>
      <Canvas
        label={describe(run, spec)}
        resolution={regions.size}
        draw={(context) => drawCells(context, picture)}
      />
      <Marks shown={shown} look={theme.value} />
    </>
  );
}

const Marks = memo(function Marks({ shown, look }: { readonly shown: Points; readonly look: Theme }) {
  return (
    <Canvas
      label=""
      aria-hidden
      draw={(context, pixels) => {
        context.clearRect(0, 0, pixels, pixels);
        drawPoints(context, pixels, { points: shown, domain: domainOf(shown), palette: paletteOf(look) });
      }}
    />
  );
});

/** A frame of the data before may still be on its way. */
const fitsPoints = ({ regions }: RunFrame): boolean =>
  (points.value?.columns === 1) === (regions.kind === 'line');

const otherPoints = computed(() => otherInfo.value && pointsOf(otherInfo.value.spec.data));

function OtherRegions({ spec, run }: { readonly spec: RunSpec; readonly run: RunFrame }) {
  const shown = otherPoints.value;
  if (!shown || (shown.columns === 1) !== (run.regions.kind === 'line')) return null;
  return (
    <div class="regions">
      <Picture run={run} spec={spec} shown={shown} />
    </div>
  );
}

function describe(run: RunFrame | undefined, { data }: RunSpec): string {
  if (!run) return 'nothing yet';
  const { score, loss } = run.now;
  const what = run.regions.kind === 'classes' ? `${percent(score)} of the training points are right` : '';
  return `Picture of ${data.set} at step ${run.step}: loss ${digits(loss)}. ${what}`;
}

function add(now: RunSpec, x: number, y: number, label: number): void {
  const shown = points.value;
  if (!shown) return;
  const row = shown.columns === 1 ? [x, y] : [x, y, shown.task === 'classes' ? label : label === 0 ? 1 : -1];
  const rounded = row.map((value) => Number(value.toFixed(3)));
  change({ data: { ...now.data, points: [...now.data.points, rounded] } });
}

function takeOut(now: RunSpec, x: number, y: number): void {
  const shown = points.value;
  if (!shown || shown.targets.length <= 1) return;
  const { inputs, columns, targets, origins } = shown;
  const distance = (i: number): number => {
    const height = columns === 1 ? (targets[i] as number) : (inputs[2 * i + 1] as number);
    return Math.hypot((inputs[i * columns] as number) - x, height - y);
  };
  let nearest = 0;
  for (let i = 1; i < targets.length; i++) if (distance(i) < distance(nearest)) nearest = i;
  const origin = origins[nearest] as number;
  const { data } = now;
  if (origin >= 0) change({ data: { ...data, removed: [...data.removed, origin] } });
  else change({ data: { ...data, points: data.points.filter((_, i) => i !== -1 - origin) } });
}

/** What a click does, for those without shift and ctrl. */
function Tools({ now, classes }: { readonly now: RunSpec; readonly classes: number }) {
  const palette = paletteOf(theme.value);
  const labels = Array.from({ length: Math.min(6, classes === 1 ? 1 : classes) }, (_, i) => i);
  const isClasses = classes > 1;
  return (
    <fieldset
      class="tools"
      title="Click: add a point · shift-click: of the other class · ctrl-click: take one out"
    >
      <legend class="unseen">a click into the picture</legend>
      {labels.map((label) => (
        <label key={label}>
          <input
            type="radio"
            name="tool"
            checked={tool.value === label}
            onChange={() => {
              tool.value = label;
            }}
          />
          <i
            class={`mark mark-${isClasses ? label % 3 : 0}`}
            style={{ '--mark': css(classColour(palette, label)) }}
          />
          <span class="unseen">adds a point{isClasses ? ` of class ${label}` : ''}</span>
        </label>
      ))}
      <label>
        <input
          type="radio"
          name="tool"
          checked={tool.value === 'remove'}
          onChange={() => {
            tool.value = 'remove';
          }}
        />
        <span aria-hidden="true">⌫</span>
        <span class="unseen">takes a point out</span>
      </label>
      <span class="unseen">{now.data.points.length} points added</span>
    </fieldset>
  );
}

/** For those who cannot see the curves: what they come to, now and then. */
export function Summary() {
  const run = frame.value?.live;
  const playing = frame.value?.playing;
  const name = info.value?.spec.data.set;
  if (!run) return null;
  return `${playing ? 'training' : 'paused'} on ${name}, step ${run.step}, loss ${digits(run.now.loss)}, score ${digits(run.now.score)}`;
}

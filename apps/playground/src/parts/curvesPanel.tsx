// Loss and accuracy over the steps; a click takes the run back to there.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { send } from '../client.ts';
import { digits } from '../spec/words.ts';
import { details, frame, isPair, points, theme } from '../state.ts';
import type { Curve } from '../training/protocol.ts';
import { schedule } from '../views/paintQueue.ts';
import { classColour, css, paletteOf } from '../views/palette.ts';
import { Panel } from './controls.tsx';

export function CurvesPanel() {
  const isClasses = points.value?.task !== 'values';
  return (
    <Panel title="Curves" aside={<Legend />}>
      <Plot title="loss" own="loss" test="testLoss" />
      <Plot
        title={isClasses ? 'accuracy' : 'R²'}
        own="score"
        test="testScore"
        range={isClasses ? [0, 1] : undefined}
      />
    </Panel>
  );
}

function Legend() {
  return (
    <span class="muted legend">
      <i class="stroke train" /> training <i class="stroke test" /> test
      {isPair.value && (
        <>
          {' '}
          <i class="stroke beside" /> beside it
        </>
      )}
    </span>
  );
}

interface PlotProps {
  readonly title: string;
  readonly own: keyof Curve;
  readonly test: keyof Curve;
  readonly range?: readonly [number, number] | undefined;
}

function Plot({ title, own, test, range }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const look = theme.value;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const options = optionsOf(title, element.clientWidth, look, range, () => plot.current);
    const made = new uPlot(options, dataOf(own, test), element);
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: options.height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [look, title]);
  const shown = details.value;
  useEffect(() => {
    const { current } = plot;
    if (current) schedule(current, () => current === plot.current && current.setData(dataOf(own, test)));
  }, [shown]);
  const last = shown?.curve[own].at(-1);
  return (
    <div
      class="plot"
      role="img"
      aria-label={`${title} over the steps, now ${last === undefined ? 'unknown' : digits(last)}`}
    >
      <div ref={place} />
    </div>
  );
}

/** Columns for uPlot: steps, then training and test of this run, then of the one beside it. */
function dataOf(own: keyof Curve, test: keyof Curve): uPlot.AlignedData {
  const shown = details.value;
  if (!shown) return [[], [], [], [], []];
  const { curve, otherCurve: other } = shown;
  const tables: uPlot.AlignedData[] = [[curve.step, finite(curve[own]), finite(curve[test])]];
  if (other) tables.push([other.step, finite(other[own]), finite(other[test])]);
  const joined = uPlot.join(tables);
  return other ? joined : ([...joined, [], []] as unknown as uPlot.AlignedData);
}

const finite = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null));

function optionsOf(
  title: string,
  width: number,
  look: 'light' | 'dark',
  range: readonly [number, number] | undefined,
  plot: () => uPlot | undefined,
): uPlot.Options & { height: number } {
  const palette = paletteOf(look);
  const [first, second] = [css(classColour(palette, 0)), css(classColour(palette, 1))];
  const axis = {
    stroke: palette.muted,
    font: '11px system-ui, sans-serif',
    grid: { stroke: palette.line, width: 1 },
    ticks: { show: false },
  };
  const line = (label: string, stroke: string, dash?: number[]): uPlot.Series => ({
    label,
    stroke,
    width: 1.6,
    spanGaps: true,
    points: { show: false },
    ...(dash && { dash, width: 1.2 }),
  });
  return {
    width,
    height: 142,
    padding: [20, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: false },
      y: range ? { range: [range[0], range[1]] } : { range: (_, low, high) => roomy(low, high) },
    },
    axes: [
      {
        ...axis,
        size: 24,
        space: 60,
        values: (_, splits) => splits.map((step) => step.toLocaleString('en')),
      },
      {
        ...axis,
        size: 40,
        space: 28,
        label: '',
        values: (_, splits) => splits.map((value) => digits(value)),
      },
    ],
    series: [
      {},
      line(`${title}, training`, first),
      line(`${title}, test`, second),
      line(`${title} beside it, training`, first, [3, 4]),
      line(`${title} beside it, test`, second, [3, 4]),
    ],
    hooks: {
      ready: [
        ({ over }) => {
          over.addEventListener('click', () => {
            const made = plot();
            const left = made?.cursor.left;
            if (made && left !== undefined && left >= 0)
              send({ type: 'seek', step: Math.max(0, Math.round(made.posToVal(left, 'x'))) });
          });
        },
      ],
      draw: [
        ({ ctx, bbox, valToPos }) => {
          ctx.fillStyle = palette.muted;
          ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
          ctx.textAlign = 'left';
          ctx.fillText(title, bbox.left, bbox.top - 7 * devicePixelRatio);
          const shown = frame.peek();
          if (!shown || shown.live.step === shown.head) return;
          const x = valToPos(shown.live.step, 'x', true);
          ctx.fillStyle = palette.accent;
          ctx.fillRect(x - 1, bbox.top, 2, bbox.height);
        },
      ],
    },
  };
}

/** From 0 where the values are near it, with some room above. */
function roomy(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const bottom = low >= 0 && low < 0.6 * high ? 0 : low;
  return [bottom, high + 0.06 * (high - bottom || 1)];
}

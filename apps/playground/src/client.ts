// The page's side of the worker: sends commands, and turns reports into signals.
import { batch } from '@preact/signals';
import { defaultSpec } from './spec/defaults.ts';
import type { RunSpec } from './spec/spec.ts';
import {
  busy,
  details,
  frame,
  info,
  isMeasuring,
  isPlaying,
  otherInfo,
  refusal,
  spec,
  speeds,
  stepsPerSecond,
} from './state.ts';
import type { Command, Report } from './training/protocol.ts';
import { whenPainted } from './views/paintQueue.ts';

const worker = new Worker(new URL('./training/worker.ts', import.meta.url), { type: 'module' });

export const send = (command: Command): void => worker.postMessage(command);

let parametersAsked: ((report: Extract<Report, { type: 'parameters' }>) => void) | undefined;

worker.onmessage = ({ data }: MessageEvent<Report>) => {
  batch(() => take(data));
};

function take(report: Report): void {
  switch (report.type) {
    case 'frame':
      frame.value = report;
      if (report.details) details.value = { ...report.details, regions: report.live.regions };
      requestAnimationFrame(() => whenPainted(() => send({ type: 'drawn' })));
      break;
    case 'info':
      info.value = report.live;
      otherInfo.value = report.other;
      break;
    case 'refused':
      refusal.value = report.message;
      // A link that cannot be carried out is no reason for an empty page.
      if (!info.value) send({ type: 'open', programs: [{ spec: defaultSpec, changes: [], steps: 0 }] });
      break;
    case 'speeds':
      speeds.value = report.speeds;
      isMeasuring.value = !report.done;
      break;
    case 'busy':
      busy.value = report.what === undefined ? undefined : { what: report.what, part: report.part };
      break;
    case 'parameters':
      parametersAsked?.(report);
      break;
    default:
      report satisfies never;
  }
}

/** Changes some of what holds; the worker says whether it can be. */
export function change(part: Partial<RunSpec>): void {
  const now = spec.value;
  if (!now) return;
  refusal.value = undefined;
  const next = { ...now, ...part };
  // Shown at once, so that forms do not jump back while the worker is busy.
  if (info.value) info.value = { ...info.value, spec: next };
  send({ type: 'change', spec: next });
}

export function play(until?: number): void {
  send({ type: 'play', stepsPerSecond: stepsPerSecond.value, ...(until !== undefined && { until }) });
}

export const togglePlay = (): void => (isPlaying.value ? send({ type: 'pause' }) : play());

export const askParameters = (): Promise<Extract<Report, { type: 'parameters' }>> =>
  new Promise((resolve) => {
    parametersAsked = resolve;
    send({ type: 'parameters' });
  });

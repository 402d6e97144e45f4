// What the page knows: reports of the worker as signals, and what the user has chosen to look at.
import { computed, signal } from '@preact/signals';
import { pointsOf } from './spec/points.ts';
import type { Preset } from './spec/presets.ts';
import type { Details, Report, RunInfo, Speed } from './training/protocol.ts';

type Frame = Extract<Report, { type: 'frame' }>;

export const frame = signal<Frame | undefined>(undefined);
/** Of the latest frame that had them, with the regions of the same moment. */
export const details = signal<(Details & Pick<Frame['live'], 'regions'>) | undefined>(undefined);
export const isPlaying = computed(() => frame.value?.playing === true);
export const divergedAt = computed(() => frame.value?.divergedAt);
export const isPair = computed(() => frame.value?.other !== undefined);
export const info = signal<RunInfo | undefined>(undefined);
export const otherInfo = signal<RunInfo | undefined>(undefined);
export const speeds = signal<readonly Speed[]>([]);
export const isMeasuring = signal(false);
export const busy = signal<{ readonly what: string; readonly part: number } | undefined>(undefined);
/** Why the last change was not taken. */
export const refusal = signal<string | undefined>(undefined);
/** A word on what was just done: "link copied". */
export const notice = signal('');

/** The spec that the forms show: that of the worker's run. */
export const spec = computed(() => info.value?.spec);
export const points = computed(() => (spec.value ? pointsOf(spec.value.data) : undefined));

export const stepsPerSecond = signal(1000);
export const preset = signal<Preset | undefined>(undefined);

/** What a click into the picture does: adds a point of a class, or takes one out. */
export const tool = signal<number | 'remove'>(0);

/** The layer and the two units whose plane the warped grid shows. */
export const warped = signal<{ readonly layer: string; readonly pair: readonly [number, number] }>({
  layer: '',
  pair: [0, 1],
});

export type Theme = 'light' | 'dark';
const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');
export const theme = signal<Theme>(dark?.matches ? 'dark' : 'light');
dark?.addEventListener('change', ({ matches }) => {
  theme.value = matches ? 'dark' : 'light';
});

// What the page and its worker say to each other.
import type { PluginSpec } from '../plugins.ts';
import type { Program, RunSpec } from '../spec/spec.ts';
import type { CurvePoint } from './run.ts';

/** What the page asks for. */
export type Command =
  /** Carries out programs, the second one beside the first for comparison, and shows where they end. */
  | { readonly type: 'open'; readonly programs: readonly Program[] }
  | { readonly type: 'change'; readonly spec: RunSpec }
  /** At most `stepsPerSecond`, until step `until` if that is given. */
  | { readonly type: 'play'; readonly stepsPerSecond: number; readonly until?: number }
  | { readonly type: 'pause' }
  | { readonly type: 'step'; readonly count: number }
  | { readonly type: 'seek'; readonly step: number }
  /** Back to step 0, with what holds now. */
  | { readonly type: 'reset' }
  /** Ends the comparison. */
  | { readonly type: 'forget' }
  /** Steps per second of every backend. */
  | { readonly type: 'measure' }
  /** Everything that the run has learned. */
  | { readonly type: 'parameters' }
  /** The last frame is on the screen. */
  | { readonly type: 'drawn' };

/** A picture of a run at one moment. */
export interface RunFrame {
  readonly step: number;
  readonly epoch: number;
  readonly now: CurvePoint;
  readonly regions: Regions;
}

/** What is shown a few times a second only. */
export interface Details {
  readonly curve: Curve;
  readonly otherCurve: Curve | undefined;
  readonly units: UnitsFrame;
}

export type Regions =
  /** For each cell of the plane the class, and how sure the network is of it, 0 … 1. */
  | {
      readonly kind: 'classes';
      readonly size: number;
      readonly label: Uint8Array;
      readonly sure: Float32Array;
    }
  | { readonly kind: 'values'; readonly size: number; readonly value: Float32Array }
  /** A curve: y over evenly spaced x; and what the units of the last hidden layer make of them, [x, units]. */
  | { readonly kind: 'line'; readonly y: Float32Array; readonly basis: Float32Array; readonly units: number };

/** Numbers of the curves by column. */
export interface Curve {
  readonly step: Float64Array;
  readonly loss: Float64Array;
  readonly score: Float64Array;
  readonly testLoss: Float64Array;
  readonly testScore: Float64Array;
}

/** What the units of a layer make of a grid over the plane, and of the points. */
export interface LayerFrame {
  readonly name: string;
  readonly units: number;
  /** How many of them there are numbers of. */
  readonly shown: number;
  /** [grid points, shown] */
  readonly grid: Float32Array;
  /** [points, shown] */
  readonly points: Float32Array;
  /** For each unit the share of the points on which it is not active, and on which it is saturated; none without an activation. */
  readonly dead: Float32Array | undefined;
  readonly saturated: Float32Array | undefined;
}

export interface Histogram {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly counts: Float32Array;
}

export interface UnitsFrame {
  /** Points along each axis of the grid. */
  readonly size: number;
  readonly layers: readonly LayerFrame[];
  readonly weights: readonly Histogram[];
  readonly activations: readonly Histogram[];
}

export interface LayerInfo {
  readonly name: string;
  readonly type: string;
  readonly output: readonly number[];
  readonly parameters: number;
}

/** What only changes when the program does. */
export interface RunInfo {
  readonly program: Program;
  readonly spec: RunSpec;
  readonly layers: readonly LayerInfo[];
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly warnings: readonly string[];
  /** What the backend says of itself. */
  readonly mode: string;
  readonly notes: readonly string[];
}

export interface Speed {
  readonly backend: PluginSpec;
  readonly stepsPerSecond?: number;
  /** Why it does not run here. */
  readonly error?: string;
}

/** What the worker tells. */
export type Report =
  | {
      readonly type: 'frame';
      readonly live: RunFrame;
      readonly other: RunFrame | undefined;
      readonly details: Details | undefined;
      readonly head: number;
      readonly playing: boolean;
      readonly stepsPerSecond: number | undefined;
      readonly divergedAt: number | undefined;
    }
  | { readonly type: 'info'; readonly live: RunInfo; readonly other: RunInfo | undefined }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'speeds'; readonly speeds: readonly Speed[]; readonly done: boolean }
  | { readonly type: 'busy'; readonly what: string | undefined; readonly part: number }
  | { readonly type: 'parameters'; readonly program: Program; readonly json: string };

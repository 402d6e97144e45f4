// A run: a program that is carried out. It can be taken back to any of its steps, changed there, and forked.
import { NeuriteError, type Snapshot, type Trainer } from '@neurite/core';
import { make } from '../plugins.ts';
import { scoreOf, trainerOf } from '../spec/assemble.ts';
import { type Change, difference, type Program, programUntil, type RunSpec } from '../spec/spec.ts';
import { goesOnWith, type Phase, phaseOf } from './phase.ts';
import { Thinned } from './thinned.ts';

/** What the curves show of a step. */
export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
  readonly score: number;
  /** NaN where nothing is kept for the test. */
  readonly testLoss: number;
  readonly testScore: number;
}

/** A moment to which the run can be taken back. */
interface Keyframe {
  readonly step: number;
  readonly phase: number;
  readonly snapshot: Snapshot;
  /** Of the epoch under way, for schedules that look at epochs. */
  readonly epoch: EpochSum;
}

interface EpochSum {
  readonly loss: number;
  readonly rows: number;
}

const noSum: EpochSum = { loss: 0, rows: 0 };

/** Entries of the curves, and keyframes: enough for a screen's width, and for seeking within a blink. */
const curveLimit = 800;
const keyframeLimit = 64;

export class Run {
  #program: Program;
  #phases: Phase[];
  #trainer: Trainer;
  #phase = 0;
  #position = 0;
  #epoch: EpochSum = noSum;
  #curve = new Thinned<CurvePoint>(curveLimit);
  #keyframes = new Thinned<Keyframe>(keyframeLimit, 16);
  /** The first moment of each phase, and the last one of the phase before it. */
  #borders: { readonly before: Keyframe | undefined; readonly first: Keyframe }[] = [];
  #divergedAt: number | undefined;
  readonly #warnings = new Set<string>();

  private constructor(program: Program, phases: Phase[], trainer: Trainer) {
    this.#program = program;
    this.#phases = phases;
    this.#trainer = trainer;
  }

  /** A run at its step 0. `advance` carries out the program's changes when they are due. */
  static async start(program: Program): Promise<Run> {
    const phase = phaseOf(program.spec, 0);
    const warnings: string[] = [];
    const trainer = await trainerOf(phase.spec, phase.sides.all, (message) => warnings.push(message));
    const run = new Run({ ...program, steps: 0 }, [phase], trainer);
    for (const warning of warnings) run.#warnings.add(warning);
    await trainer.adapt(phase.sides.train);
    run.#borders.push({ before: undefined, first: await run.#keyframe() });
    await run.#record();
    return run;
  }

  /** The program as far as it was carried out. */
  get program(): Program {
    return programUntil(this.#program, this.#program.steps);
  }

  get trainer(): Trainer {
    return this.#trainer;
  }

  /** The phase in which the position is. */
  get phase(): Phase {
    return this.#phases[this.#phase] as Phase;
  }

  /** Steps that were made up to what is shown, and in all. */
  get position(): number {
    return this.#position;
  }

  get head(): number {
    return this.#program.steps;
  }

  get epochs(): number {
    return (
      Math.floor((this.#position - this.phase.origin) / this.phase.batches.stepsPerEpoch) +
      this.phase.firstEpoch
    );
  }

  get curve(): readonly CurvePoint[] {
    return this.#curve.entries;
  }

  /** The step after which the loss was no finite number any more. */
  get divergedAt(): number | undefined {
    return this.#divergedAt;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /**
   * Makes up to `count` steps.
   *
   * @param isOver asked now and then whether to stop.
   * @returns how many were made.
   */
  async advance(count: number, isOver: () => boolean = () => false): Promise<number> {
    const { trainer } = this;
    for (let done = 0; done < count; done++) {
      if (done % 16 === 15 && isOver()) return done;
      await this.#enterNextPhase();
      try {
        await this.#step();
      } catch (error) {
        if (!(error instanceof NeuriteError && error.code === 'not-finite')) throw error;
        this.#divergedAt = this.#position;
        return done;
      }
      if (this.#trainer !== trainer && isOver()) return done + 1;
    }
    return count;
  }

  async #step(): Promise<void> {
    const { phase } = this;
    const trainer = this.#trainer;
    const batch = phase.batches.at(this.#position - phase.origin);
    const loss = await trainer.step(batch);
    this.#position++;
    this.#program = { ...this.#program, steps: Math.max(this.#program.steps, this.#position) };
    this.#epoch = { loss: this.#epoch.loss + loss * batch.rows, rows: this.#epoch.rows + batch.rows };
    if (batch.isLast) await this.#endEpoch();
    if (this.#curve.isDue(this.#position)) await this.#record();
    if (this.#keyframes.isDue(this.#position)) this.#keyframes.add(await this.#keyframe());
  }

  /** Schedules may look at each epoch, as in `fit`. */
  async #endEpoch(): Promise<void> {
    const { loss, rows } = this.#epoch;
    this.#epoch = noSum;
    if (!this.phase.looksAtEpochs) return;
    const { test } = this.phase.sides;
    const validation = test && (await this.#trainer.evaluate(test));
    this.#trainer.observe({
      steps: await this.#trainer.steps(),
      loss: loss / rows,
      validationLoss: validation?.loss,
    });
  }

  /** Loss and score as they are now, for the curves. */
  async scores(): Promise<CurvePoint> {
    const { sides } = this.phase;
    const score = scoreOf(sides.all);
    const own = await this.#trainer.evaluate(sides.train);
    const test = sides.test && (await this.#trainer.evaluate(sides.test));
    return {
      step: this.#position,
      loss: own.loss as number,
      score: own[score] as number,
      testLoss: test?.loss ?? Number.NaN,
      testScore: test?.[score] ?? Number.NaN,
    };
  }

  async #record(): Promise<void> {
    this.#curve.add(await this.scores());
  }

  async #keyframe(): Promise<Keyframe> {
    return {
      step: this.#position,
      phase: this.#phase,
      snapshot: await this.#trainer.snapshot(),
      epoch: this.#epoch,
    };
  }

  /** Carries out what the program changes at this step, if anything. */
  async #enterNextPhase(): Promise<void> {
    for (;;) {
      const change = this.#program.changes[this.#phase];
      if (!change || change.at !== this.#position) return;
      const known = this.#borders[this.#phase + 1];
      if (known) await this.#restore(known.first);
      else await this.#change(change.spec);
    }
  }

  /**
   * Changes something at the end of the run.
   *
   * @throws NeuriteError where the new spec cannot be carried out; the run is then as before.
   */
  async change(next: RunSpec): Promise<void> {
    const border = this.#borders[this.#phase];
    // Several changes at one step are one change of what was there before them.
    const merges = this.#phase > 0 && border?.before?.step === this.#position;
    const before = merges ? (this.#phases[this.#phase - 1] as Phase) : this.phase;
    const spec = difference(before.spec, next);
    const kept = {
      program: this.#program,
      phases: this.#phases,
      borders: this.#borders,
      now: await this.#keyframe(),
    };
    const changes = merges ? this.#program.changes.slice(0, -1) : this.#program.changes;
    try {
      if (merges) {
        this.#phases = this.#phases.slice(0, -1);
        this.#borders = this.#borders.slice(0, -1);
        await this.#restore(border?.before as Keyframe);
      }
      const change: Change = { at: this.#position, spec };
      this.#program = { ...this.#program, changes };
      if (Object.keys(spec).length === 0) return;
      await this.#change(spec);
      this.#program = { ...this.#program, changes: [...changes, change] };
      this.#divergedAt = undefined;
    } catch (error) {
      this.#program = kept.program;
      this.#phases = kept.phases;
      this.#borders = kept.borders;
      await this.#restore(kept.now);
      throw error;
    }
  }

  /** Whether the training would go on with `next`, instead of beginning anew. */
  canContinueWith(next: RunSpec): boolean {
    return goesOnWith(this.phase.spec, next);
  }

  async #change(spec: Partial<RunSpec>): Promise<void> {
    const previous = this.phase;
    const phase = phaseOf({ ...previous.spec, ...spec }, this.#position, previous);
    const before = await this.#keyframe();
    if (Object.keys(spec).every((name) => name === 'backend')) {
      await this.#trainer.to(make('backend', phase.spec.backend));
    } else {
      const next = await this.#trainerOf(phase);
      try {
        await handOver(this.#trainer, next, phase.spec.optimizer.type === previous.spec.optimizer.type);
        const kept = await next.snapshot();
        await next.step(phase.batches.at(this.#position - phase.origin)); // what cannot be computed shows before anything has changed
        next.restore(kept);
      } catch (error) {
        next.release();
        throw error;
      }
      this.#trainer.release();
      this.#trainer = next;
      if (phase.origin === this.#position) this.#epoch = noSum;
    }
    this.#phases = [...this.#phases, phase];
    this.#phase++;
    this.#borders = [...this.#borders, { before, first: await this.#keyframe() }];
  }

  #trainerOf(phase: Phase): Promise<Trainer> {
    return trainerOf(phase.spec, phase.sides.all, (message) => this.#warnings.add(message));
  }

  /** Takes the run to a step that it has been at. */
  async seek(step: number, isOver?: () => boolean): Promise<void> {
    const target = Math.max(0, Math.min(step, this.head));
    const nearest = this.#nearest(target);
    const canWalk =
      this.#divergedAt === undefined && this.#position <= target && this.#position >= nearest.step;
    if (!canWalk) await this.#restore(nearest);
    await this.advance(target - this.#position, isOver);
    if (this.#position === target && target < this.head) await this.#enterNextPhase();
  }

  /** The keyframe from which a step is reached soonest. */
  #nearest(step: number): Keyframe {
    const border = this.#borders.findLast(({ first }) => first.step <= step)?.first as Keyframe;
    const frame = this.#keyframes.before(step);
    return frame && frame.step > border.step ? frame : border;
  }

  /** Makes a step and takes it back, so that whatever cannot be computed is known. */
  async tryStep(): Promise<void> {
    const now = await this.#keyframe();
    await this.#trainer.step(this.phase.batches.at(this.#position - this.phase.origin));
    await this.#restore(now);
  }

  async #restore(frame: Keyframe): Promise<void> {
    if (frame.phase !== this.#phase || this.#phases[frame.phase]?.spec !== this.phase.spec) {
      const next = await this.#trainerOf(this.#phases[frame.phase] as Phase);
      this.#trainer.release();
      this.#trainer = next;
      this.#phase = frame.phase;
    }
    this.#trainer.restore(frame.snapshot);
    this.#position = frame.step;
    this.#epoch = frame.epoch;
    this.#divergedAt = undefined;
  }

  /** A run of its own that has the same past up to the present position. */
  async fork(): Promise<Run> {
    const step = this.#position;
    const phases = this.#phases.slice(0, this.#phase + 1);
    const fork = new Run(programUntil(this.#program, step), phases, await this.#trainerOf(this.phase));
    fork.#program = { ...fork.#program, changes: fork.#program.changes.slice(0, this.#phase) };
    fork.#phase = this.#phase;
    fork.#borders = this.#borders.slice(0, this.#phase + 1);
    fork.#curve = this.#curve.copyUntil(step);
    fork.#keyframes = this.#keyframes.copyUntil(step);
    for (const warning of this.#warnings) fork.#warnings.add(warning);
    await fork.#restore(await this.#keyframe());
    return fork;
  }

  release(): void {
    this.#trainer.release();
  }
}

/** Gives `next` what `trainer` has learned; what the optimizer remembers too, where it is of the same type. */
async function handOver(trainer: Trainer, next: Trainer, isSameOptimizer: boolean): Promise<void> {
  const kept = await trainer.snapshot();
  if (isSameOptimizer) {
    try {
      next.restore(kept);
      return;
    } catch (error) {
      // An option may have changed what is remembered: then it begins anew, with the weights as they are.
      if (!(error instanceof NeuriteError && error.code === 'state')) throw error;
    }
  }
  next.restore({ ...(await next.snapshot()), adapted: kept.adapted });
  next.writeParameters(await trainer.readParameters());
  next.writeLayerState(await trainer.readLayerState());
}

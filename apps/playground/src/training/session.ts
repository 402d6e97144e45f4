// The worker's side of the page: one run that lives, one beside it for comparison, and what the page asks of them. Knows
// nothing of workers, so that it runs anywhere.
import type { Program, RunSpec } from '../spec/spec.ts';
import { curveOf, memoryOf, runFrame, unitsFrame } from './frames.ts';
import type { Command, Details, Report, RunInfo, Speed } from './protocol.ts';
import { Run } from './run.ts';
import { speedOn } from './speeds.ts';
import { backendVariants } from './variants.ts';

/** Milliseconds of training between two looks at what the page wants, and between two frames. */
const slice = 10;
const frameInterval = 33;
/** Between two looks at the units and curves. */
const detailInterval = 120;

type Send = (report: Report, memory: ArrayBuffer[]) => void;

export class Session {
  readonly #send: Send;
  readonly #breathe: () => Promise<void>;
  #live!: Run;
  #other: Run | undefined;
  #playing = false;
  #stepsPerSecond = Number.POSITIVE_INFINITY;
  #until = Number.POSITIVE_INFINITY;
  /** When the playing began, and the steps made since, to keep to the pace. */
  #since = 0;
  #made = 0;
  #turn: Promise<unknown> = Promise.resolve();
  /** Seeks and changes that were asked for: of several that wait only the latest is worth carrying out. */
  readonly #asked = { seek: 0, change: 0 };
  #isDrawn = true;
  #frameAt = 0;
  #frameCost = 0;
  #detailsAt = 0;
  #measured: number | undefined;

  /** @param breathe resolves when messages were heard. */
  constructor(send: Send, breathe: () => Promise<void>) {
    this.#send = send;
    this.#breathe = breathe;
  }

  /** Resolves when the command was carried out; playing goes on after that. */
  async handle(command: Command): Promise<void> {
    if (command.type === 'drawn') {
      this.#isDrawn = true;
      return;
    }
    const { type } = command;
    const number = type === 'seek' || type === 'change' ? ++this.#asked[type] : 0;
    const wasPlaying = this.#playing;
    if (command.type !== 'play' && command.type !== 'change' && command.type !== 'parameters')
      this.#playing = false;
    return this.#inTurn(async () => {
      try {
        if ((type === 'seek' || type === 'change') && number !== this.#asked[type]) return;
        await this.#carryOut(command, wasPlaying);
      } catch (error) {
        this.#refuse(error);
      }
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(run);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #carryOut(command: Exclude<Command, { type: 'drawn' }>, wasPlaying: boolean): Promise<void> {
    switch (command.type) {
      case 'open':
        await this.#open(command.programs);
        break;
      case 'change':
        await this.#change(command.spec);
        break;
      case 'play':
        this.#play(command.stepsPerSecond, command.until);
        return;
      case 'pause':
        break;
      case 'step':
        await this.#advance(command.count, () => false);
        break;
      case 'seek':
        await this.#live.seek(command.step);
        await this.#follow();
        this.#tell();
        break;
      case 'reset':
        await this.#reset();
        break;
      case 'forget':
        this.#other?.release();
        this.#other = undefined;
        this.#tell();
        break;
      case 'measure':
        await this.#measure();
        if (wasPlaying) this.#play(this.#stepsPerSecond, this.#until);
        break;
      case 'parameters':
        await this.#giveParameters();
        return;
      default:
        command satisfies never;
    }
    await this.#frame();
  }

  async #open(programs: readonly Program[]): Promise<void> {
    const [first, second] = programs;
    if (!first) return;
    const live = await this.#carryOutProgram(first);
    const other = second && (await this.#carryOutProgram(second));
    this.#live?.release();
    this.#other?.release();
    this.#live = live;
    this.#other = other;
    this.#measured = undefined;
    this.#tell();
  }

  async #carryOutProgram(program: Program): Promise<Run> {
    const run = await Run.start(program);
    while (run.position < program.steps && run.divergedAt === undefined) {
      const begin = performance.now();
      await run.advance(program.steps - run.position, () => performance.now() - begin > 50);
      this.#send({ type: 'busy', what: 'replaying', part: run.position / program.steps }, []);
      await this.#breathe();
    }
    this.#send({ type: 'busy', what: undefined, part: 1 }, []);
    return run;
  }

  /** A change where the run was taken back to is a branch of it; one that the weights cannot follow begins anew. */
  async #change(spec: RunSpec): Promise<void> {
    const live = this.#live;
    try {
      if (!live.canContinueWith(spec) || live.position === 0) {
        await this.#restart(spec);
      } else if (live.position < live.head) {
        const branch = await live.fork();
        await branch.change(spec);
        this.#other?.release();
        this.#other = live;
        this.#live = branch;
      } else {
        await live.change(spec);
      }
    } catch (error) {
      this.#refuse(error);
    }
    this.#measured = undefined;
    this.#tell();
  }

  #refuse(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#send({ type: 'refused', message }, []);
  }

  async #restart(spec: RunSpec): Promise<void> {
    const next = await Run.start({ spec, changes: [], steps: 0 });
    try {
      await next.tryStep(); // what cannot be computed shows before anything has changed
    } catch (error) {
      next.release();
      throw error;
    }
    const isTakenBack = this.#live.position < this.#live.head;
    (isTakenBack ? this.#other : this.#live)?.release();
    if (isTakenBack) this.#other = this.#live;
    this.#live = next;
    await this.#follow();
  }

  /** The same again from its beginning, with what holds now. */
  async #reset(): Promise<void> {
    const next = await Run.start({ spec: this.#live.phase.spec, changes: [], steps: 0 });
    this.#live.release();
    this.#live = next;
    await this.#follow();
    this.#tell();
  }

  #play(stepsPerSecond: number, until = Number.POSITIVE_INFINITY): void {
    this.#stepsPerSecond = stepsPerSecond;
    this.#until = until;
    this.#since = performance.now();
    this.#made = 0;
    if (this.#playing) return;
    this.#playing = true;
    this.#loop();
  }

  async #loop(): Promise<void> {
    while (this.#playing) {
      try {
        await this.#inTurn(() => this.#playSlice());
      } catch (error) {
        this.#playing = false;
        this.#refuse(error);
      }
      await this.#breathe();
    }
  }

  async #playSlice(): Promise<void> {
    if (!this.#playing) return;
    const begin = performance.now();
    const due = Math.floor(((begin - this.#since) * this.#stepsPerSecond) / 1000) - this.#made;
    const left = this.#until - this.#live.position;
    const count = Math.min(Number.isFinite(due) ? due : left, left);
    const done = await this.#advance(count, () => performance.now() - begin > slice);
    this.#made += done;
    const spent = performance.now() - begin;
    if (done > 0 && spent > 1) this.#noteSpeed((1000 * done) / spent);
    if (this.#made < due - this.#stepsPerSecond) this.#since = begin; // too slow to keep the pace: no debts
    if (this.#since === begin) this.#made = 0;
    if (this.#live.divergedAt !== undefined || this.#live.position >= this.#until) this.#playing = false;
    const now = performance.now();
    const isTime = now - this.#frameAt > Math.max(frameInterval, 1.5 * this.#frameCost);
    if (!this.#playing || (this.#isDrawn && isTime)) await this.#frame();
  }

  #noteSpeed(speed: number): void {
    this.#measured = this.#measured === undefined ? speed : 0.8 * this.#measured + 0.2 * speed;
  }

  async #advance(count: number, isOver: () => boolean): Promise<number> {
    const done = await this.#live.advance(count, isOver);
    await this.#follow();
    return done;
  }

  /** The other run is shown at the same step; where it has not been there yet, it is trained until it is. */
  async #follow(): Promise<void> {
    const other = this.#other;
    if (!other) return;
    const step = this.#live.position;
    if (step <= other.head) await other.seek(step);
    else {
      await other.seek(other.head);
      await other.advance(step - other.position);
    }
  }

  async #frame(): Promise<void> {
    const begin = performance.now();
    const report: Report = {
      type: 'frame',
      live: await runFrame(this.#live),
      other: this.#other && (await runFrame(this.#other)),
      details: await this.#details(begin),
      head: this.#live.head,
      playing: this.#playing,
      stepsPerSecond: this.#measured,
      divergedAt: this.#live.divergedAt,
    };
    this.#isDrawn = false;
    this.#frameAt = performance.now();
    this.#frameCost = this.#frameAt - begin;
    this.#send(report, memoryOf(report));
  }

  async #details(now: number): Promise<Details | undefined> {
    if (this.#playing && now - this.#detailsAt < detailInterval) return undefined;
    this.#detailsAt = now;
    return {
      curve: curveOf(this.#live.curve),
      otherCurve: this.#other && curveOf(this.#other.curve),
      units: await unitsFrame(this.#live),
    };
  }

  /** Tells what the runs are. */
  #tell(): void {
    this.#send({ type: 'info', live: infoOf(this.#live), other: this.#other && infoOf(this.#other) }, []);
  }

  async #measure(): Promise<void> {
    const speeds: Speed[] = [];
    const variants = backendVariants();
    for (const variant of variants) {
      speeds.push(await speedOn(this.#live, variant));
      this.#send({ type: 'speeds', speeds: [...speeds], done: speeds.length === variants.length }, []);
      await this.#breathe();
    }
  }

  async #giveParameters(): Promise<void> {
    const run = this.#live;
    const { network } = run.trainer;
    const parameters = await run.trainer.readParameters();
    const json = JSON.stringify(
      {
        network: network.toJSON(),
        parameters: Object.fromEntries(
          network.parameters.map(({ name, shape }) => [
            name,
            { shape, values: [...(parameters[name] ?? [])] },
          ]),
        ),
        layerState: Object.fromEntries(
          Object.entries(await run.trainer.readLayerState()).map(([name, values]) => [name, [...values]]),
        ),
        scores: await run.scores(),
        program: run.program,
      },
      null,
      1,
    );
    this.#send({ type: 'parameters', program: run.program, json }, []);
  }
}

function infoOf(run: Run): RunInfo {
  const { trainer, phase, program } = run;
  const { layers, parameters } = trainer.network.summary();
  const report = trainer.backend.report();
  return {
    program,
    spec: phase.spec,
    layers: layers.map(({ name, type, output, parameters: count }) => ({
      name,
      type,
      output,
      parameters: count,
    })),
    parameters,
    stepsPerEpoch: phase.batches.stepsPerEpoch,
    warnings: run.warnings,
    mode: report?.mode ?? '',
    notes: report?.notes ?? [],
  };
}

// neurite train: data and a network in, a model file out.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { save } from '@neurite/checkpoint/node';
import { type FitResult, NeuriteError, stopOnNaN } from '@neurite/core';
import { count, duration } from '../format.ts';
import { infoOf } from '../model/modelFile.ts';
import { pluginsWith } from '../plugins.ts';
import { type ProgressDisplay, printData, printEpochs, printScores, showBar } from '../progress.ts';
import { makeReport, type Report } from '../report.ts';
import { programName, quoteWord, resumeCommand } from '../resumeCommand.ts';
import type { Surroundings } from '../surroundings.ts';
import { begin } from '../training/begin.ts';
import { goOn } from '../training/goOn.ts';
import { type TrainOptions, usual } from '../training/options.ts';
import type { Request, Session } from '../training/session.ts';
import { UsageError } from '../usageError.ts';

/** What a shell gives for a program that Ctrl-C ended. */
const interrupted = 130;

/** @returns the exit code: 0, or 130 where Ctrl-C ended it. */
export async function trainModel(
  data: string,
  options: TrainOptions,
  surroundings: Surroundings,
): Promise<number> {
  const report = makeReport(surroundings, options.json);
  await requireFolder(options, surroundings);
  const plugins = await pluginsWith(options.plugin, surroundings.folder);
  const request = { data, options, plugins, surroundings, report };
  const session = await (options.resume === undefined ? begin(request) : goOn(options.resume, request));
  try {
    const began = performance.now();
    const result = await fit(session, request);
    const seconds = (performance.now() - began) / 1000;
    describeEnd(session, request, result, seconds);
    return result.stopped === undefined ? 0 : interrupted;
  } finally {
    session.trainer.release();
  }
}

/** After hours of training, it would come too late. */
async function requireFolder({ out, resume }: TrainOptions, { folder }: Surroundings): Promise<void> {
  const into = dirname(resolve(folder, out ?? resume ?? usual.out));
  await access(into, constants.W_OK).catch((cause) => {
    throw new UsageError(`--out: nothing can be written to the folder ${into}`, { cause });
  });
}

/** Trains to the end, or to Ctrl-C, and saves what was reached. */
async function fit(
  { trainer, kept, training, validation, out }: Session,
  { options, surroundings, report }: Request,
): Promise<FitResult> {
  const { epochs, batchSize } = kept.run;
  const { saveEvery } = options;
  const write = (): Promise<void> => save(resolve(surroundings.folder, out), trainer, infoOf(kept));
  const saving = {
    onEpoch: async ({ epoch }: { readonly epoch: number }): Promise<void> => {
      if (saveEvery !== undefined && epoch % saveEvery === 0 && epoch < epochs) await write();
    },
  };
  const display = displayFor(report, surroundings);
  const guard = stopOnNaN();
  const controller = new AbortController();
  const forget = surroundings.onInterrupt(() => {
    controller.abort();
    display.close();
  });
  const result = await trainer
    .fit(training, {
      epochs,
      batchSize,
      validation,
      callbacks: [display, saving, guard],
      signal: controller.signal,
      resume: options.resume !== undefined,
    })
    .finally(() => {
      display.close();
      forget();
    });
  if (guard.finding) {
    throw new NeuriteError(
      'not-finite',
      `${result.stopped}, by --learning-rate or --standardize; the last steps were not saved`,
    );
  }
  await write();
  return result;
}

function displayFor({ json, terminal, data, say }: Report, { stdout }: Surroundings): ProgressDisplay {
  if (json) return printData(data);
  return terminal.interactive ? showBar(stdout, terminal) : printEpochs(say);
}

function describeEnd(
  { trainer, kept, out }: Session,
  { data, options, surroundings, report }: Request,
  { stopped, steps, epochs }: FitResult,
  seconds: number,
): void {
  const { loss, scores, validation } = epochs.at(-1) ?? {};
  const { say, terminal } = report;
  const command = stopped === undefined ? undefined : resumeCommand({ ...options, data, out }, surroundings);
  report.data({
    type: 'result',
    status: command === undefined ? 'trained' : 'stopped',
    model: out,
    epochs: kept.run.epochs,
    steps,
    seconds,
    loss,
    ...scores,
    validation,
    classes: kept.classes,
    resume: command,
  });
  if (trainer.choice) say(terminal.paint('dim', `fastest: ${trainer.choice}`));
  const made = `${count(steps)} steps in ${duration(seconds)}`;
  if (command === undefined) {
    const tested = validation ? `  validation ${printScores(validation)}` : '';
    say(`\ntrained: ${made}${terminal.paint('green', tested)}`);
    say(`saved ${out}: ${programName(surroundings)} predict ${quoteWord(out)} DATA uses it`);
  } else {
    say(`\n${terminal.paint('yellow', 'stopped')} after ${made}`);
    say(`saved ${out}; to go on:\n  ${command}`);
  }
}

// A training that was begun before.
import { resolve } from 'node:path';
import { resume } from '@neurite/checkpoint';
import { load } from '@neurite/checkpoint/node';
import { NeuriteError } from '@neurite/core';
import { onTrainingBackend } from '../backends.ts';
import { inputsIn, targetsIn } from '../data/examples.ts';
import { nameOf } from '../data/readBytes.ts';
import { readSource } from '../data/source.ts';
import { count } from '../format.ts';
import { lossOf } from '../model/model.ts';
import { keptIn } from '../model/modelFile.ts';
import { outputsFor, targetsFor } from '../model/targets.ts';
import { UsageError } from '../usageError.ts';
import { flagOf, settledByFile, type TrainOptions } from './options.ts';
import { digestOf, divide, type Request, type Session, warningsTo } from './session.ts';

/** @param path the file that --resume names. */
export async function goOn(
  path: string,
  { data, options, plugins, surroundings, report }: Request,
): Promise<Session> {
  requireNothingSettled(options);
  const checkpoint = await load(resolve(surroundings.folder, path));
  const { training } = checkpoint;
  const { form, classes, run: before } = keptIn(checkpoint);
  if (!form || !before || !training) {
    throw new NeuriteError(
      'data',
      `${path} was not saved by neurite train: it does not say how to go on with it`,
    );
  }
  const run = { ...before };
  if (options.epochs !== undefined) run.epochs = options.epochs;
  if (options.backend !== undefined) run.backend = options.backend;
  const { epoch = 0 } = training.position ?? {};
  if (epoch >= run.epochs) {
    throw new UsageError(
      `${path} has been trained for ${epoch} epochs: --epochs ${2 * epoch}, for example, goes on with it`,
    );
  }
  const header = form.kind === 'idx' || (form.header && options.header);
  const source = await readSource(data, { ...options, header }, surroundings);
  const { inputs, shape } = inputsIn(source, form);
  const loss = lossOf(checkpoint, plugins);
  const right = targetsIn(source, form, classes);
  const rows = {
    inputs,
    targets: loss ? targetsFor(loss, outputsFor(loss, classes), right, classes) : right,
    shape,
  };
  const onWarning = warningsTo(report);
  if (digestOf(rows) !== run.digest) {
    onWarning(
      `${nameOf(data)} is not what ${path} has learned from so far: the result is not that of a training in one go`,
    );
  }
  const trainer = await onTrainingBackend(plugins, run.backend, onWarning, (backend) =>
    resume(checkpoint, plugins.registry, { backend, onWarning }),
  );
  report.say(
    `going on with ${path} after ${count(training.steps)} steps, in epoch ${epoch + 1} of ${run.epochs}\n`,
  );
  const parts = divide(rows, run.validation, run.seed);
  return { trainer, kept: { form, classes, run }, ...parts, out: options.out ?? path };
}

function requireNothingSettled(options: TrainOptions): void {
  const given = settledByFile.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new UsageError(
    `${flagOf(given)} is what the file that --resume names has settled: leave one of them out`,
  );
}

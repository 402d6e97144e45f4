// neurite export: a model for programs that know nothing of Neurite, or its network as code or data.

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Checkpoint, evaluatedNumbers } from '@neurite/checkpoint';
import { type Network, NeuriteError, type NumberArray } from '@neurite/core';
import { numberNames } from '../data/columns.ts';
import { loadModel, type Model } from '../model/model.ts';
import { makeReport } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';

export const formats = ['onnx', 'module', 'typescript', 'json'] as const;
export type ExportFormat = (typeof formats)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly plugin: readonly string[];
  readonly json?: boolean;
}

export async function exportModel(
  path: string,
  options: ExportOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { format, out } = options;
  const report = makeReport(surroundings, options.json);
  const model = await loadModel(path, options, surroundings);
  const content = await converters[format](model);
  await writeFile(resolve(surroundings.folder, out), content).catch((cause) => {
    throw new NeuriteError('data', `--out: ${out} cannot be written: ${cause.message}`, { cause });
  });
  const inputs = model.form?.kind === 'table' ? numberNames(model.form.columns) : undefined;
  report.data({ format, out, bytes: content.length, inputs, classes: model.classes });
  const takes = inputs && (format === 'onnx' || format === 'module') ? `; a row is ${inputs.join(', ')}` : '';
  report.say(`wrote ${out}${takes}`);
  return 0;
}

/** What is not needed for a format is not loaded. */
const converters: Record<ExportFormat, (model: Model) => Promise<string | Uint8Array>> = {
  onnx: async (model) => {
    const { toOnnx } = await import('@neurite/convert/onnx');
    const { classes, network, checkpoint } = model;
    const metadata = classes && { classes: JSON.stringify(classes) };
    return toOnnx(network, valuesOf(checkpoint, network), { ...kindsOf(model), metadata });
  },
  module: async (model) => {
    const { toModule } = await import('@neurite/convert/module');
    const { classes, network, checkpoint } = model;
    return toModule(network, valuesOf(checkpoint, network), { ...kindsOf(model), classes });
  },
  typescript: async ({ network, plugins }) => {
    const { toTypeScript } = await import('@neurite/convert/typescript');
    return toTypeScript(network, { packages: plugins.packages });
  },
  json: async ({ network }) => `${JSON.stringify(network.toJSON(), undefined, 2)}\n`,
};

const kindsOf = ({ checkpoint, form }: Model) =>
  ({ dtype: checkpoint.dtype, inputs: form?.kind === 'idx' && form.bytes ? 'bytes' : 'numbers' }) as const;

/** What the model predicts with, as converters take it. */
function valuesOf(checkpoint: Checkpoint, network: Network): Record<string, NumberArray> {
  const { parameters, layerState } = evaluatedNumbers(checkpoint, network);
  return { ...parameters, ...layerState };
}

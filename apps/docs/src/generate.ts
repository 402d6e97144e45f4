// What pages show that is made by the code itself: tables of the plugins, and what blocks print. `pnpm run generate`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as activations from '@neurite/activations';
import * as core from '@neurite/core';
import * as layers from '@neurite/layers';
import * as losses from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';
import * as regularizers from '@neurite/regularizers';
import { Workshop } from './check.ts';
import { here, modulesOfPages, readPages } from './pages.ts';
import { tableOf } from './tables.ts';

const tables = {
  activations: tableOf(activations, 'packages/activations/src', 'activation'),
  initializers: tableOf(core, 'packages/core/src/initializers', 'initializer'),
  layers: tableOf(layers, 'packages/layers/src', 'layer'),
  losses: tableOf(losses, 'packages/losses/src', 'loss'),
  metrics: tableOf(core, 'packages/core/src/metrics', 'metric'),
  optimizers: tableOf(optimizers, 'packages/optimizers/src', 'optimizer'),
  regularizers: tableOf(regularizers, 'packages/regularizers/src', 'regularizer', 'constraint'),
  schedules: tableOf(optimizers, 'packages/optimizers/src/schedules', 'schedule'),
};
write('tables', 'md', tables);

const modules = modulesOfPages(readPages()).filter(
  ({ blocks, runs }) => runs && blocks.some(({ printed }) => printed),
);
const workshop = new Workshop('blocks of the site');
workshop.write(modules);
const { failures, printed } = await workshop.run(modules);
if (failures.length > 0) throw new Error(failures.join('\n'));
write('printed', 'txt', printed);

function write(folder: string, ending: string, texts: Readonly<Record<string, string>>): void {
  const path = join(here, '.generated', folder);
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(texts))
    writeFileSync(join(path, `${name}.${ending}`), `${text}\n`);
}

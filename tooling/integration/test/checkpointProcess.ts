// Goes on with each training that was saved in a folder, and saves it again: node checkpointProcess.ts FOLDER.
import { join } from 'node:path';
import { resume } from '@neurite/checkpoint';
import { load, save } from '@neurite/checkpoint/node';
import { backendOf, data, fitting, plugins, trainings } from './checkpointTrainings.ts';

const folder = process.argv[2] as string;
for (const training of trainings) {
  const path = join(folder, `${training.name}.safetensors`);
  const trainer = await resume(await load(path), plugins, { backend: backendOf(training) });
  await trainer.fit(data, { ...fitting, resume: true });
  await save(path, trainer);
  trainer.release();
}

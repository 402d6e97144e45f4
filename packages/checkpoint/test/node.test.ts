// Files that are saved and loaded, and writers that are killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NeuriteError } from '@neurite/core';
import { afterAll, expect, test } from 'vitest';
import { encode, restoreTrainer } from '../src/index.ts';
import { load, save } from '../src/node.ts';
import { leftInTheMiddle, makeTrainer } from './trainings.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurite-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An empty folder. */
function newFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

test('a training is saved and loaded, and saved over', async () => {
  const path = join(newFolder('saved'), 'training.safetensors');
  await save(path, await makeTrainer());
  const trainer = await leftInTheMiddle();
  await save(path, trainer, { classNames: ['a', 'b'] });
  const checkpoint = await load(path);
  expect(checkpoint.classNames).toEqual(['a', 'b']);
  const other = await makeTrainer();
  restoreTrainer(checkpoint, other);
  expect(await other.snapshot()).toEqual(await trainer.snapshot());
  expect(readdirSync(join(folder, 'saved'))).toEqual(['training.safetensors']);
});

test('the error of a file names it', async () => {
  const path = join(newFolder('errors'), 'a.safetensors');
  await expect(load(path)).rejects.toThrow(NeuriteError);
  await expect(load(path)).rejects.toThrow(`load: cannot read "${path}": ENOENT`);
  writeFileSync(path, 'PK');
  await expect(load(path)).rejects.toThrow(`${path}: this is no safetensors file: it has only 2 bytes`);
});

test('a save that fails leaves what was there, and nothing beside it', async () => {
  const path = newFolder('failing');
  mkdirSync(join(path, 'taken'));
  const trainer = await makeTrainer();
  await expect(save(join(path, 'nowhere', 'a'), trainer)).rejects.toThrow(/save: cannot write ".*": ENOENT/);
  await expect(save(join(path, 'taken'), trainer)).rejects.toThrow(NeuriteError);
  const old = join(path, 'old');
  await save(old, trainer);
  await expect(save(old, trainer, { notes: { bad: Number.NaN } })).rejects.toThrow(
    'notes.bad cannot be saved',
  );
  await load(old);
  expect(readdirSync(path).sort()).toEqual(['old', 'taken']);
});

test('what writers have left beside a file is removed, if nobody works on it any more', async () => {
  const path = newFolder('leftovers');
  const leave = (name: string, minutes: number): string => {
    const time = new Date(Date.now() - minutes * 60_000);
    writeFileSync(join(path, name), '');
    utimesSync(join(path, name), time, time);
    return name;
  };
  const gone = 2 ** 22 + 1; // above every process number of Linux
  leave(`.a.${gone}.0123456789ab.tmp`, 0);
  leave(`.a.${process.pid}.0123456789ab.tmp`, 61);
  const others = [
    leave(`.a.${process.pid}.ba9876543210.tmp`, 59), // of this process, which may be at it
    leave(`.b.${gone}.0123456789ab.tmp`, 100),
    leave(`.a.b.${gone}.0123456789ab.tmp`, 100),
    leave('.a.tmp', 100),
  ];
  await save(join(path, 'a'), await makeTrainer());
  expect(readdirSync(path).sort()).toEqual([...others, 'a'].sort());
});

/** Processes, each with so many writers at work: 200 are killed. A process takes a moment to begin: most are for CI. */
const kills = process.env.CI === undefined ? 3 : 25;
const writers = 8;

test(`${kills * writers} writers that are killed leave the old file or the new one`, {
  timeout: 600_000,
}, async () => {
  const path = newFolder('killed');
  const trainer = await makeTrainer();
  const encodeOne = (name: string) => encode(trainer, { notes: { filling: name.repeat(30_000) } });
  const files = [Buffer.from(await encodeOne('one')), Buffer.from(await encodeOne('two'))];
  const sources = files.map((bytes, i) => {
    writeFileSync(join(folder, `source${i}`), bytes);
    return join(folder, `source${i}`);
  });
  const targets = Array.from({ length: writers }, (_, i) => join(path, `target${i}`));
  for (const target of targets) writeFileSync(target, files[0] as Buffer);
  const script = fileURLToPath(new URL('writeForEver.ts', import.meta.url));
  let interrupted = 0;
  for (let kill = 0; kill < kills; kill++) {
    const writing = spawn(process.execPath, [script, ...sources, ...targets], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(writing, 'exit');
    await once(writing.stdout, 'data');
    await setTimeout(Math.random() * 20);
    writing.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    for (const target of targets) {
      const left = readFileSync(target);
      expect(files.some((file) => file.equals(left))).toBe(true);
    }
    if (readdirSync(path).length > writers) interrupted++;
  }
  expect(interrupted).toBeGreaterThan(0); // some were in the middle of it
  for (const target of targets) await save(target, trainer);
  expect(readdirSync(path).length).toBe(writers);
});

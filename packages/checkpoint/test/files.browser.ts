// Downloads, chosen files and the private file system, in a page.
import { NeuriteError } from '@neurite/core';
import { expect, test } from 'vitest';
import { download, loadFromOpfs, openFile, readFile, saveToOpfs } from '../src/browser.ts';
import { encode, restoreTrainer } from '../src/index.ts';
import { leftInTheMiddle, makeTrainer } from './trainings.ts';

const trainer = await leftInTheMiddle();
const folder = await navigator.storage.getDirectory();

test('the private file system keeps a training, and the latest of them', async () => {
  expect(await loadFromOpfs('none.safetensors')).toBeUndefined();
  await saveToOpfs('a.safetensors', await makeTrainer(), { notes: { filling: 'long '.repeat(1000) } });
  await saveToOpfs('a.safetensors', trainer, { classNames: ['a', 'b'] });
  const checkpoint = await loadFromOpfs('a.safetensors');
  expect(checkpoint?.classNames).toEqual(['a', 'b']);
  const other = await makeTrainer();
  restoreTrainer(checkpoint!, other);
  expect(await other.snapshot()).toEqual(await trainer.snapshot());
});

test('a save that was ended too early leaves what was there', async () => {
  await saveToOpfs('b.safetensors', trainer);
  const writable = await (await folder.getFileHandle('b.safetensors')).createWritable();
  await writable.write(new Uint8Array(10));
  await writable.abort();
  expect((await loadFromOpfs('b.safetensors'))?.training?.steps).toBe(await trainer.steps());
  await folder.getFileHandle('c.safetensors', { create: true });
  expect(await loadFromOpfs('c.safetensors')).toBeUndefined();
});

test('errors name the file', async () => {
  await expect(saveToOpfs('a/b', trainer)).rejects.toThrow(NeuriteError);
  await expect(saveToOpfs('a/b', trainer)).rejects.toThrow('saveToOpfs: cannot write "a/b"');
  await expect(loadFromOpfs('a/b')).rejects.toThrow('loadFromOpfs: cannot read "a/b"');
  await expect(readFile(new File(['PK'], 'x.zip'))).rejects.toThrow('x.zip: this is no safetensors file');
});

/** What happens in place of a click by the page itself; gives what makes clicks clicks again. */
function onClick(act: (clicked: HTMLElement) => void): () => void {
  const { click } = HTMLElement.prototype;
  HTMLElement.prototype.click = function (this: HTMLElement) {
    act(this);
  };
  return () => {
    HTMLElement.prototype.click = click;
  };
}

test('a download is the file under its name', async () => {
  let got: Promise<ArrayBuffer> | undefined;
  let name = '';
  const undo = onClick((clicked) => {
    const link = clicked as HTMLAnchorElement;
    name = link.download;
    got = fetch(link.href).then((response) => response.arrayBuffer());
  });
  await download(trainer, 'digits.safetensors', { notes: { a: 1 } });
  undo();
  expect(name).toBe('digits.safetensors');
  expect(new Uint8Array((await got) as ArrayBuffer)).toEqual(await encode(trainer, { notes: { a: 1 } }));
});

test('a file that somebody chooses is read; where nothing is chosen, there is nothing', async () => {
  const bytes = await encode(trainer);
  const choose = async (name: string | undefined) => {
    const undo = onClick((clicked) => {
      const input = clicked as HTMLInputElement;
      expect([input.type, input.accept]).toEqual(['file', '.safetensors']);
      if (name === undefined) return input.dispatchEvent(new Event('cancel'));
      const chosen = new DataTransfer();
      chosen.items.add(new File([bytes], name));
      input.files = chosen.files;
      return input.dispatchEvent(new Event('change'));
    });
    try {
      return await openFile();
    } finally {
      undo();
    }
  };
  expect((await choose('a.safetensors'))?.training?.seed).toBe(5);
  expect(await choose(undefined)).toBeUndefined();
});

// The command line: what it gives, and what it says of mistakes.
import { NeuriteError } from '@neurite/core';
import { describe, expect, test } from 'vitest';
import { type Options, readOptions } from '../src/options.ts';
import { presets } from '../src/presets.ts';

const read = (line: string): Options => {
  const options = readOptions(line.split(' ').filter(Boolean), () => {});
  if (!options) throw new Error('help');
  return options;
};

/** Everything that is wrong comes as one line. */
function complaint(line: string): string {
  try {
    read(line);
  } catch (error) {
    expect(error).toBeInstanceOf(NeuriteError);
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  }
  return 'none';
}

describe('readOptions', () => {
  test('has defaults', () => {
    const { recipe, backends, ...others } = read('');
    expect(others).toEqual({ data: 'mnist', batchSize: 64, epochs: 6, seed: 1 });
    expect(recipe.summary).toBe('relu · adam, learning rate 0.001');
    expect(recipe.layers.map(({ options }) => options.units)).toEqual([128]);
    expect(recipe.optimizer(1)).toMatchObject({ kind: 'optimizer', type: 'adam', learningRate: 0.001 });
    expect(backends.map(({ type }) => type)).toEqual(['wasm', 'cpu']);
  });

  test('takes what is given', () => {
    const { recipe, backends, ...others } = read(
      '--data cifar-10 --folder there --hidden 128,64 --activation tanh --optimizer momentum --learning-rate 5e-3 --batch-size 32 --epochs 5 --seed -7 --backend cpu --examples 2000 --save-weights w.png',
    );
    expect(others).toEqual({
      data: 'cifar-10',
      folder: 'there',
      batchSize: 32,
      epochs: 5,
      seed: -7,
      examples: 2000,
      weightFile: 'w.png',
    });
    expect(backends.map(({ type }) => type)).toEqual(['cpu']);
    expect(recipe.summary).toBe('tanh · momentum, learning rate 0.005');
    expect(recipe.layers.map(({ options }) => options.units)).toEqual([128, 64]);
    expect(recipe.optimizer(1)).toMatchObject({ type: 'momentum', learningRate: 0.005 });
    expect(read('--hidden none').recipe.layers).toEqual([]);
    expect(read('--hidden=10').recipe.layers).toHaveLength(1);
  });

  test('takes a preset, and other data, epochs and batches for it', () => {
    const usual = read('--preset maxout');
    expect(usual).toMatchObject({ data: 'mnist', epochs: presets.maxout.epochs, batchSize: 100 });
    expect(usual.recipe).toBe(presets.maxout);
    expect(read('--preset course-cifar-10').data).toBe('cifar-10');
    expect(read('--preset maxout --data fashion-mnist --epochs 2 --batch-size 10')).toMatchObject({
      data: 'fashion-mnist',
      epochs: 2,
      batchSize: 10,
    });
    expect(complaint('--preset maxuot')).toMatch(
      /^--preset: there is no preset "maxuot"; there are "maxout", /,
    );
    expect(complaint('--data cifar10')).toMatch(/^--data: there is no set "cifar10"; there are "cifar-10", /);
    for (const decided of ['--hidden 3', '--activation tanh', '--optimizer sgd', '--learning-rate 1']) {
      expect(complaint(`--preset maxout ${decided}`)).toBe(
        `${decided.split(' ')[0]} is what --preset decides: leave one of them out`,
      );
    }
  });

  test('says which names there are, the nearest first', () => {
    expect(complaint('--activation rleu')).toMatch(
      /^--activation: there is no activation "rleu"; registered are "relu", .*"sigmoid"/,
    );
    expect(complaint('--optimizer clipByNorm')).toBe(
      'clipByNorm: optimizer must be an optimizer, but got nothing',
    );
    expect(complaint('--optimizer adan')).toMatch(
      /^--optimizer: there is no optimizer "adan"; registered are "adam"/,
    );
    expect(complaint('--backend gpu')).toMatch(/^--backend: there is no backend "gpu"; registered are "cpu"/);
    expect(complaint('--hiden 5')).toBe(
      "unknown option '--hiden' (Did you mean --hidden?); --help lists what there is",
    );
  });

  test('says which numbers are allowed', () => {
    expect(complaint('--epochs 0')).toBe('--epochs must be a whole number from 1, but got "0"');
    expect(complaint('--epochs many')).toBe('--epochs must be a whole number from 1, but got "many"');
    expect(complaint('--epochs=')).toBe('--epochs must be a whole number from 1, but got ""');
    expect(complaint('--batch-size 1.5')).toBe('--batch-size must be a whole number from 1, but got "1.5"');
    expect(complaint('--learning-rate -1')).toBe('--learning-rate must be a number above 0, but got "-1"');
    expect(complaint('--learning-rate NaN')).toBe('--learning-rate must be a number above 0, but got "NaN"');
    expect(complaint('--seed 0.5')).toBe('--seed must be a whole number, but got "0.5"');
    expect(complaint('--examples 0')).toBe('--examples must be a whole number from 1, but got "0"');
    for (const hidden of ['0', '1.5', '12,,3', 'wide', '128,-1', '16385']) {
      expect(complaint(`--hidden ${hidden}`)).toBe(
        `--hidden must be whole numbers from 1 up to 16384, such as 128,64, or none, but got "${hidden}"`,
      );
    }
  });

  test('says what is missing or too much', () => {
    expect(complaint('--optimizer')).toBe(
      "option '--optimizer <name>' argument missing; --help lists what there is",
    );
    expect(complaint('mnist')).toMatch(/^too many arguments/);
  });

  test('gives help, with the names of all plugins', () => {
    let help = '';
    expect(
      readOptions(['--help'], (text) => {
        help += text;
      }),
    ).toBeUndefined();
    for (const word of [
      '--learning-rate <number>',
      'leakyRelu',
      'momentum',
      'cpu',
      '(default: 128)',
      'fashion-mnist',
      'maxout',
    ]) {
      expect(help).toContain(word);
    }
  });
});

// The command line: what it gives, and what it says of mistakes.
import { NeuriteError } from '@neurite/core';
import { describe, expect, test } from 'vitest';
import { type Options, readOptions } from '../src/options.ts';

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
    const { activation, optimizer, backends, ...others } = read('');
    expect(others).toEqual({ hidden: [128], batchSize: 64, epochs: 6, seed: 1, examples: 60_000 });
    expect(activation).toMatchObject({ kind: 'activation', type: 'relu' });
    expect(optimizer).toMatchObject({ kind: 'optimizer', type: 'adam', learningRate: 0.001 });
    expect(backends.map(({ type }) => type)).toEqual(['wasm', 'cpu']);
  });

  test('takes what is given', () => {
    const options = read(
      '--hidden 128,64 --activation tanh --optimizer momentum --learning-rate 5e-3 --batch-size 32 --epochs 5 --seed -7 --backend cpu --examples 2000',
    );
    const { activation, optimizer, backends, ...others } = options;
    expect(others).toEqual({ hidden: [128, 64], batchSize: 32, epochs: 5, seed: -7, examples: 2000 });
    expect(backends.map(({ type }) => type)).toEqual(['cpu']);
    expect(activation.type).toBe('tanh');
    expect(optimizer).toMatchObject({ type: 'momentum', learningRate: 0.005 });
    expect(read('--hidden none').hidden).toEqual([]);
    expect(read('--hidden=10').hidden).toEqual([10]);
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
    expect(complaint('--examples 60001')).toBe(
      '--examples must be a whole number from 1 up to 60000, but got "60001"',
    );
    expect(complaint('--examples 10')).toBe('--batch-size must be at most the 10 examples, but got "64"');
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
    for (const word of ['--learning-rate <number>', 'leakyRelu', 'momentum', 'cpu', '(default: 128)']) {
      expect(help).toContain(word);
    }
  });
});

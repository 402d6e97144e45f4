// The program, in whatever surroundings.
import { NeuriteError } from '@neurite/core';
import { CommanderError } from 'commander';
import { commandLine } from './commandLine.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usageError.ts';

/** Exit codes beside 0 and 130, which is what a shell gives for Ctrl-C. */
const wrongFiles = 1;
const wrongUsage = 2;

/**
 * Runs a command line, as the program `neurite` does.
 *
 * @param words without the program's name: ['train', 'iris.csv'].
 * @returns the exit code: 0 where all went well; 1 where data or a model are wrong, 2 where the command line is, both with
 * a line on stderr; 130 after Ctrl-C, when what was reached has been saved.
 *
 * @example
 * const code = await neurite(['predict', 'model.safetensors', 'flowers.csv'], surroundings);
 */
export async function neurite(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const say = (message: string): void => void surroundings.stderr.write(`neurite: ${message}\n`);
  let code = 0;
  const program = commandLine(surroundings, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0; // help, or the version
      say(`${error.message.replace(/^error: |\.$/g, '').replaceAll('\n', ' ')}; --help lists what there is`);
      return wrongUsage;
    }
    if (error instanceof UsageError) {
      say(error.message);
      return wrongUsage;
    }
    if (!(error instanceof NeuriteError) || error.code === 'internal') throw error;
    say(error.message);
    return wrongFiles;
  }
}

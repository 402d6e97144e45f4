// The command that goes on with a training.
import type { Surroundings } from './surroundings.ts';

/** A word of a command line, as a shell takes it. */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** How this program was called. */
export const programName = ({ environment }: Surroundings): string =>
  environment.npm_command === 'exec' ? 'npx @neurite/cli' : 'neurite';

export interface ResumeWords {
  readonly data: string;
  readonly labels?: string | undefined;
  readonly out: string;
  readonly delimiter?: string | undefined;
  readonly plugin: readonly string[];
  readonly saveEvery?: number | undefined;
}

/** Everything else is in the file. */
export function resumeCommand(
  { data, labels, out, delimiter, plugin, saveEvery }: ResumeWords,
  surroundings: Surroundings,
): string {
  const words = [
    'train',
    data,
    ...(labels === undefined ? [] : ['--labels', labels]),
    '--resume',
    out,
    ...(delimiter === undefined ? [] : ['--delimiter', delimiter]),
    ...plugin.flatMap((name) => ['--plugin', name]),
    ...(saveEvery === undefined ? [] : ['--save-every', String(saveEvery)]),
  ];
  return [programName(surroundings), ...words.map(quoteWord)].join(' ');
}

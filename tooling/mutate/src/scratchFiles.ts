// The names of the test files that are written for mutants: they say what setup.ts must know.

/** @param focus words of which the name of a test must hold one; all tests if there are none. */
export const scratchFile = (mutant: number, focus: readonly string[]): string =>
  `${[`mutant${mutant}`, ...focus].join('+')}.test.ts`;

export const focusOf = (file: string): string[] => file.replace('.test.ts', '').split('+').slice(1);

// Sources that are alike but for numbers, as one function of those numbers: programs for several numbers of rows share
// most of their text.

/** A function, and the arguments that make it each of the sources that it stands for. */
export interface Family {
  readonly parameters: readonly string[];
  readonly body: string;
  readonly members: readonly { readonly key: number; readonly values: readonly string[] }[];
}

/** A number by itself: not a part of a name. */
const numberPattern = /(?<![\w$.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w$.])/g;

interface Source {
  readonly key: number;
  /** The text between numbers, and the numbers. */
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
}

/** @param sources by a number of their own, such as the rows that they take. */
export function families(sources: ReadonlyMap<number, string>): Family[] {
  const alike = new Map<string, Source[]>();
  for (const [key, source] of sources) {
    const texts = source.split(numberPattern);
    const skeleton = texts.join('#');
    alike.set(skeleton, [
      ...(alike.get(skeleton) ?? []),
      { key, texts, numbers: source.match(numberPattern) ?? [] },
    ]);
  }
  return [...alike.values()].map(familyOf);
}

function familyOf(members: readonly Source[]): Family {
  const { texts, numbers } = members[0] as Source;
  /** Parameters by the values that they have in each member. */
  const parameters = new Map<string, string>();
  const printed = numbers.map((number, i) => {
    const column = members.map((member) => member.numbers[i] as string);
    if (column.every((other) => other === number)) return number;
    const known = parameters.get(column.join()) ?? `n${parameters.size}`;
    parameters.set(column.join(), known);
    return known;
  });
  const columns = [...parameters.keys()].map((column) => column.split(','));
  return {
    parameters: [...parameters.values()],
    body: texts.map((text, i) => text + (printed[i] ?? '')).join(''),
    members: members.map(({ key }, i) => ({ key, values: columns.map((column) => column[i] as string) })),
  };
}

// Every error that Neurite raises on purpose. Read by all rooms; imports nothing.

/** What went wrong, for programs; the message is for people. */
export type ErrorCode =
  | 'shape' // sizes that do not fit together
  | 'dtype' // an element type that the operation or the backend does not take
  | 'option' // an option that is unknown, missing or out of range
  | 'name' // a plugin, layer or parameter that nobody registered or declared
  | 'data' // examples or labels that cannot be used
  | 'not-finite' // NaN or infinity where numbers were expected
  | 'state' // a call at the wrong time: after release, while another run is under way
  | 'unsupported' // the backend or the platform cannot do this
  | 'internal'; // our own mistake

/**
 * The one error class of the project. `code` says what kind of mistake it is; `message` names the layer or plugin, what
 * was wanted, what came, and how to mend it.
 */
export class NeuriteError extends Error {
  override readonly name = 'NeuriteError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(code === 'internal' ? `internal: ${message}` : message, options);
    this.code = code;
  }
}

/** The members of `names` in order of likeness to `name`: the fewest slips of the finger first, then the nearest length. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const rank = (candidate: string): [slips: number, length: number] => [
    slips(wanted, candidate.toLowerCase()),
    Math.abs(candidate.length - name.length),
  ];
  return names
    .map((candidate) => [candidate, ...rank(candidate)] as const)
    .sort((a, b) => a[1] - b[1] || a[2] - b[2])
    .map(([candidate]) => candidate);
}

/** Letters that were left out, put in, mistaken or swapped with their neighbour (Damerau, 1964). */
function slips(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const mistaken = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? (before[j - 2] as number) + 1
          : mistaken;
      current.push(Math.min((previous[j] as number) + 1, (current[j - 1] as number) + 1, mistaken, swapped));
    }
    [before, previous] = [previous, current];
  }
  return previous[b.length] as number;
}

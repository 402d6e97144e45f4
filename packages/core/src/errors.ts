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

/** The members of `names` in order of likeness to `name`, by edit distance; the nearest first. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return [...names].sort(
    (a, b) => editDistance(wanted, a.toLowerCase()) - editDistance(wanted, b.toLowerCase()),
  );
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] as number) + 1, (current[j - 1] as number) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] as number;
}

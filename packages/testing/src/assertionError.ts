// The error of a check that did not hold.

/** Thrown by the checks of this package; test runners show `actual` and `expected` where there are two to compare. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
  readonly actual: unknown;
  readonly expected: unknown;

  constructor(message: string, compared: { readonly actual?: unknown; readonly expected?: unknown } = {}) {
    super(message);
    this.actual = compared.actual;
    this.expected = compared.expected;
  }
}

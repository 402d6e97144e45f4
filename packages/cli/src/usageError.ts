// A command line that cannot be meant.

/** What was typed is wrong: exit code 2. What is wrong with files is a NeuriteError, and 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `read` makes of an option; where it cannot, the command line is to blame. */
export function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

// What a command knows of the process around it. Tests have their own.

/** The part of a writable stream that is used. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  getColorDepth?(): number;
}

/** What the command line knows of the process that it runs in: streams, the folder, signals. */
export interface Surroundings {
  /** Results. */
  readonly stdout: Output;
  /** Complaints and warnings. */
  readonly stderr: Output;
  /** What `-` stands for. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** The folder that paths start from. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Calls `stop` at the next Ctrl-C, once; from then on, or when the function that it gives is called, no more. */
  onInterrupt(stop: () => void): () => void;
}

// The batches of a run, step by step: those of `fit`. Epoch after epoch, each in an order of its own, the last batch of
// an epoch being smaller where they do not come out even.
import { type NumberArray, shuffledOrder } from '@neurite/core';

interface Examples {
  readonly inputs: Float32Array;
  readonly targets: NumberArray;
}

export interface Batch extends Examples {
  /** Whether the epoch ends with it. */
  readonly isLast: boolean;
  readonly rows: number;
}

export class Batches {
  readonly stepsPerEpoch: number;
  readonly #examples: Examples;
  readonly #rows: number;
  readonly #batchSize: number;
  readonly #seed: number;
  readonly #firstEpoch: number;
  #epoch = -1;
  #order: Int32Array = new Int32Array(0);
  /** Batches are handed over one after the other, so that the memory of each size is used again. */
  readonly #memory = new Map<number, Examples>();

  /** @param firstEpoch the number of the first epoch's order. */
  constructor(examples: Examples, rows: number, batchSize: number, seed: number, firstEpoch: number) {
    this.#examples = examples;
    this.#rows = rows;
    this.#batchSize = Math.min(batchSize, rows);
    this.#seed = seed;
    this.#firstEpoch = firstEpoch;
    this.stepsPerEpoch = Math.ceil(rows / this.#batchSize);
  }

  /** The batch of a step, counted from 0. It is good until the next one is asked for. */
  at(step: number): Batch {
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#order = shuffledOrder(this.#rows, this.#seed, this.#firstEpoch + epoch);
    }
    const first = (step % this.stepsPerEpoch) * this.#batchSize;
    const rows = Math.min(this.#batchSize, this.#rows - first);
    const batch = this.#memoryFor(rows);
    for (let row = 0; row < rows; row++) {
      const from = this.#order[first + row] as number;
      copyRow(this.#examples.inputs, batch.inputs, from, row, this.#rows);
      copyRow(this.#examples.targets, batch.targets, from, row, this.#rows);
    }
    return { ...batch, rows, isLast: (step + 1) % this.stepsPerEpoch === 0 };
  }

  #memoryFor(rows: number): Examples {
    const known = this.#memory.get(rows);
    if (known) return known;
    const { inputs, targets } = this.#examples;
    const made = {
      inputs: new Float32Array((inputs.length / this.#rows) * rows),
      targets: new (targets.constructor as Float32ArrayConstructor)((targets.length / this.#rows) * rows),
    };
    this.#memory.set(rows, made);
    return made;
  }
}

function copyRow(from: NumberArray, to: NumberArray, source: number, target: number, rows: number): void {
  const width = from.length / rows;
  for (let i = 0; i < width; i++) to[target * width + i] = from[source * width + i] as number;
}

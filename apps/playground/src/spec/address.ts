// Programs as the hash of an address, and back: JSON, compressed, in the letters that addresses may hold.
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { defaultSpec } from './defaults.ts';
import { difference, type Program, type RunSpec } from './spec.ts';

interface Stored {
  readonly v: 1;
  /** What differs from the default spec, changes, and steps; the second one is beside it for comparison. */
  readonly runs: readonly {
    readonly s: Partial<RunSpec>;
    readonly c?: Program['changes'];
    readonly n: number;
  }[];
}

export function toHash(programs: readonly Program[]): string {
  const stored: Stored = {
    v: 1,
    runs: programs.map(({ spec, changes, steps }) => ({
      s: difference(defaultSpec, spec),
      ...(changes.length > 0 && { c: changes }),
      n: steps,
    })),
  };
  const bytes = deflateSync(strToU8(JSON.stringify(stored)), { level: 9 });
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws Error where the hash is none of ours, or was cut off. */
export function fromHash(hash: string): Program[] {
  try {
    const text = atob(hash.replace(/^#/, '').replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = inflateSync(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
    const stored = JSON.parse(strFromU8(bytes)) as Stored;
    if (stored.v !== 1) throw new Error(`version ${stored.v}`);
    return stored.runs.map(({ s, c = [], n }) => ({ spec: { ...defaultSpec, ...s }, changes: c, steps: n }));
  } catch (cause) {
    throw new Error('This link cannot be read: it may have been cut off.', { cause });
  }
}

// How fast a core can be: multiplications and additions of 128-bit vectors that stay in registers.

const accumulators = 12;
const unrolled = 4;
const [multiplier, addend] = [accumulators + 1, accumulators + 2]; // locals; 0 is the count

/** Floating-point operations of one turn of the loop: four lanes, a multiplication and an addition. */
export const peakWork: number = unrolled * accumulators * 8;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (value: number) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer), 0xfd, 0x13];
const multiply = [0xfd, 0xe6, 0x01];
const add = [0xfd, 0xe4, 0x01];
const relaxedMultiplyAdd = [0xfd, 0x85, 0x02];

function length(bytes: number): number[] {
  return bytes < 128 ? [bytes] : [(bytes & 127) | 128, ...length(bytes >> 7)];
}
const sized = (...bytes: number[]): number[] => [...length(bytes.length), ...bytes];

/** A module whose `peak(turns)` keeps both units of a core busy; `relaxed` with one instruction for both. */
export function peakModule(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const each = Array.from({ length: accumulators }, (_, i) => [
    ...[...get(i + 1), ...get(multiplier)],
    ...(relaxed ? [...get(addend), ...relaxedMultiplyAdd] : [...multiply, ...get(addend), ...add]),
    ...set(i + 1),
  ]).flat();
  const body = [
    ...[...constant(0.5), ...set(multiplier), ...constant(1), ...set(addend)],
    ...[0x03, 0x40, ...Array.from({ length: unrolled }, () => each).flat()],
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], // count - 1, and again unless it is 0
    ...get(1),
    ...Array.from({ length: accumulators - 1 }, (_, i) => [...get(i + 2), ...add]).flat(),
    ...[0xfd, 0x1f, 0, 0x0b],
  ];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, ...sized(1, 0x60, 1, 0x7f, 1, 0x7d)],
    ...[3, ...sized(1, 0)],
    ...[7, ...sized(1, ...sized(...Buffer.from('peak')), 0, 0)],
    ...[10, ...sized(1, ...sized(1, accumulators + 2, 0x7b, ...body))],
  ]);
}

/** @throws Error where the engine does not know the instructions. */
export async function createPeak(relaxed: boolean): Promise<(turns: number) => number> {
  const { instance } = await WebAssembly.instantiate(peakModule(relaxed));
  return instance.exports.peak as (turns: number) => number;
}

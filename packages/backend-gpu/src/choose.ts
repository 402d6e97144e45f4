// Which mode runs: found out by trying, best first.
import { type BackendReport, NeuriteError } from '@neurite/core/program';
import { Device } from './device.ts';
import { type Library, loadLibrary } from './library.ts';
import { type Mode, modeNames, modes } from './modes.ts';
import { obstacleTo } from './obstacles.ts';
import { selfTest } from './selfTest.ts';

export interface Chosen {
  readonly device: Device;
  readonly report: BackendReport;
}

/** A page has few contexts to give: all backends share one device for each mode. */
const devices = new Map<Mode, Promise<Device>>();

const advice = 'the wasm and cpu backends are faster without a GPU';

/**
 * The mode of this name, or the first that computes what it should. Emulated GPUs, which are slower than the processor that
 * emulates them, must be asked for by name.
 *
 * @throws NeuriteError `unsupported` with the reasons where none does.
 */
export async function choose(wanted: 'auto' | Mode): Promise<Chosen> {
  const library = await loadLibrary();
  const candidates = wanted === 'auto' ? modes : [wanted];
  const notes: string[] = [];
  for (const mode of candidates) {
    try {
      const device = await open(library, mode);
      if (wanted === 'auto' && device.emulation) {
        notes.push(`not ${modeNames[mode]}: its GPU is emulated, by ${device.emulation}`);
        continue;
      }
      if (wanted === 'auto' && device.usesHostMemory) notes.push(advice);
      return { device, report: { mode: describe(device), notes } };
    } catch (error) {
      notes.push(`not ${modeNames[mode]}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new NeuriteError(
    'unsupported',
    `gpu: nothing runs here. ${notes.join('; ')}; ${advice}: use one of them`,
  );
}

/** The device of a mode that runs. */
async function open(library: Library, mode: Mode): Promise<Device> {
  const current = devices.get(mode);
  if (current) {
    const known = await current.catch(() => undefined);
    if (known && !known.isLost) return known;
    if (devices.get(mode) !== current) return open(library, mode); // somebody else tries again
  }
  const opening = start(library, mode);
  devices.set(mode, opening);
  return opening;
}

async function start(library: Library, mode: Mode): Promise<Device> {
  const obstacle = await obstacleTo(mode, library);
  if (obstacle !== undefined) throw new NeuriteError('unsupported', obstacle);
  const device = await Device.open(library, mode);
  await selfTest(device);
  return device;
}

function describe({ mode, emulation, adapter }: Device): string {
  if (emulation) return `${modeNames[mode]}, emulated by ${emulation}`;
  return adapter ? `${modeNames[mode]} on ${adapter}` : modeNames[mode];
}

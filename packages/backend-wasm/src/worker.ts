// What a worker does, as text: the same in Node and in browsers, and no file of its own that a bundler could lose.
import { barrier } from './barrier.ts';

/** Words of shared memory, from byte 64: how the first thread tells the others what to run, and who left it by a trap. */
export const control = { byte: 64, generation: 0, program: 1, steps: 2, left: 3 } as const;

/** In place of a program: go and listen for messages. */
export const listen = -1;

/** Turns of looking for work before a worker goes to sleep: some 200 microseconds, the pause between two short runs. */
const patience = 100_000;

export const workerSource = `
const node = typeof process === 'object' && process.versions?.node !== undefined;
const port = node ? process.getBuiltinModule('node:worker_threads').parentPort : self;
const programs = new Map();
let words, meeting, seen = 0, thread = 0, threads = 1;
const receive = (message) => {
  if (message.memory) {
    words = new Int32Array(message.memory.buffer, ${control.byte}, 8);
    meeting = new Int32Array(message.memory.buffer, 0, 3);
    seen = message.generation;
    ({ thread, threads } = message);
  }
  for (const id of message.released) programs.delete(id);
  if (message.module) {
    const { memory, module, id } = message;
    const instance = new WebAssembly.Instance(module, { neurite: { memory }, Math });
    programs.set(id, instance.exports.run);
  }
  port.postMessage('ready');
  work();
};
const work = () => {
  for (;;) {
    for (let i = 0; i < ${patience} && Atomics.load(words, ${control.generation}) === seen; i++);
    while (Atomics.load(words, ${control.generation}) === seen) Atomics.wait(words, ${control.generation}, seen);
    seen = Atomics.load(words, ${control.generation});
    const program = Atomics.load(words, ${control.program});
    if (program === ${listen}) return;
    try {
      programs.get(program)(Atomics.load(words, ${control.steps}), thread, threads, 1);
    } catch {
      Atomics.store(meeting, ${barrier.failed}, 1);
      Atomics.add(meeting, ${barrier.generation}, 1);
      Atomics.notify(meeting, ${barrier.generation});
      // One that was slow to leave the run before, and met the failure of this one there, is still to come to this one.
      if (Atomics.load(words, ${control.generation}) === seen) Atomics.add(words, ${control.left}, 1);
    }
  }
};
if (node) port.on('message', receive);
else port.onmessage = (event) => receive(event.data);
`;

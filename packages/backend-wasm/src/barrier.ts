// Where the threads of a team meet: words of shared memory, and the function that waits there.
import { Code, type Local } from './code.ts';

/** Words from byte 0: threads that wait, meetings so far, and whether a thread will not come. */
export const barrier = { arrived: 0, generation: 1, failed: 2 } as const;

/** Looks at a barrier before a thread goes to sleep: some 100 microseconds, for what one thread does alone in between. */
const patience = 100_000;

/**
 * A function (threads, mayWait) that waits until all threads are here: looking for a while, then asleep, if this thread may
 * sleep. It traps where a thread has failed.
 */
export function barrierCode(): Code {
  const code = new Code(['i32', 'i32']);
  const [threads, mayWait] = code.parameters as [Local, Local];
  const [generation, looks] = [code.local('i32'), code.local('i32')];
  const load = (word: keyof typeof barrier): Code => code.i32(0).op('i32.atomic.load', 4 * barrier[word], 2);
  load('generation').set(generation);
  code
    .i32(0)
    .i32(1)
    .op('i32.atomic.rmw.add', 4 * barrier.arrived, 2)
    .get(threads)
    .i32(1)
    .op('i32.sub')
    .op('i32.eq')
    .op('if');
  code
    .i32(0)
    .i32(0)
    .op('i32.atomic.store', 4 * barrier.arrived, 2);
  code
    .i32(0)
    .i32(1)
    .op('i32.atomic.rmw.add', 4 * barrier.generation, 2)
    .op('drop');
  code
    .i32(0)
    .i32(-1)
    .op('memory.atomic.notify', 4 * barrier.generation, 2)
    .op('drop');
  code.op('else');
  code.op('block').op('loop');
  load('generation').get(generation).op('i32.ne').op('br_if', 1);
  load('failed').op('br_if', 1);
  code
    .get(looks)
    .i32(1)
    .op('i32.add')
    .tee(looks)
    .i32(patience)
    .op('i32.lt_s')
    .get(mayWait)
    .op('i32.eqz')
    .op('i32.or')
    .op('br_if', 0);
  code
    .i32(0)
    .get(generation)
    .op('i64.const', -1)
    .op('memory.atomic.wait32', 4 * barrier.generation, 2)
    .op('drop')
    .op('br', 0);
  code.op('end').op('end').op('end');
  load('failed').op('if').op('unreachable').op('end');
  return code;
}

/** Lets all threads that wait, or come later, leave the barrier by a trap. Workers do the same (worker.ts). */
export function breakOff(words: Int32Array): void {
  Atomics.store(words, barrier.failed, 1);
  Atomics.add(words, barrier.generation, 1); // nobody goes to sleep any more
  Atomics.notify(words, barrier.generation);
}

/** As it was before the first meeting. No thread may be on its way. */
export function mend(words: Int32Array): void {
  Atomics.store(words, barrier.arrived, 0);
  Atomics.store(words, barrier.failed, 0);
}

// Pictures wait here for their turn: some milliseconds of drawing at a time, so that the page answers in between.

/** Milliseconds of drawing in one go. */
const patience = 6;

/** The latest picture of each owner. */
const waiting = new Map<object, () => void>();
let whenDone: (() => void)[] = [];

const channel = new MessageChannel();
channel.port1.onmessage = work;
let isComing = false;

function come(): void {
  if (isComing) return;
  isComing = true;
  channel.port2.postMessage(0);
}

function work(): void {
  isComing = false;
  const begin = performance.now();
  for (const [owner, draw] of waiting) {
    waiting.delete(owner);
    draw();
    if (performance.now() - begin > patience) break;
  }
  if (waiting.size > 0) {
    come();
    return;
  }
  const done = whenDone;
  whenDone = [];
  for (const tell of done) tell();
}

/** Draws soon; what the same owner wanted before and did not get is dropped. */
export function schedule(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  come();
}

/** Calls back when nothing waits. */
export function whenPainted(tell: () => void): void {
  whenDone.push(tell);
  come();
}

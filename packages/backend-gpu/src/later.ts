// Answers that may come later, and work that goes on when they are there.

/** What may have to be waited for: WebGPU answers later, the other modes at once. */
export type Later<T> = Promise<T> | T;

/** Calls `then` with a value that may come later. */
export const whenThere = <T, R>(value: Later<T>, then: (value: T) => Later<R>): Later<R> =>
  value instanceof Promise ? value.then(then) : then(value);

/** Calls `act` with 0, 1 … below `count`, each after the last is done. */
export function inOrder(count: number, act: (i: number) => Later<unknown>, from = 0): Later<void> {
  for (let i = from; i < count; i++) {
    const done = act(i);
    if (done instanceof Promise) return done.then(() => inOrder(count, act, i + 1));
  }
}

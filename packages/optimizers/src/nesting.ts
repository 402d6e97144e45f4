// Names for what wrappers and the optimizers within them remember, so that they do not meet. Internal.
import { constant, type Optimizer, prepareGradients, type Tensor } from '@neurite/core';

/** What is remembered of a parameter, or of the training as a whole. */
export type Remembered = Readonly<Record<string, Tensor>>;

/** `name`, or one made from it, under which `inner` remembers nothing: a wrapper may lie within one of its own kind. */
export function freeName(name: string, inner: Optimizer): string {
  const one = constant(0);
  const taken = { ...inner.state(one), ...inner.memory?.([one]) };
  let free = name;
  while (free in taken) free = `outer.${free}`;
  return free;
}

/** `inner` with `prefix` in front of all names under which it remembers something. Others are handed on as they are. */
export function renamed<Inner extends Optimizer>(inner: Inner, prefix: string) {
  const outside = (own: Remembered): Remembered =>
    Object.fromEntries(Object.entries(own).map(([name, tensor]) => [prefix + name, tensor]));
  const inside = (all: Remembered): Remembered =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  return {
    ...inner,
    evaluates: inner.evaluates === undefined ? undefined : prefix + inner.evaluates,
    state: (parameter) => outside(inner.state(parameter)),
    memory: (parameters) => outside(inner.memory?.(parameters) ?? {}),
    prepare: (gradients, context) => {
      const prepared = prepareGradients(inner, gradients, {
        ...context,
        states: context.states.map(inside),
        memory: inside(context.memory),
      });
      return {
        gradients: prepared.gradients,
        states: prepared.states.map((own, i) => ({ ...context.states[i], ...outside(own) })),
        memory: { ...context.memory, ...outside(prepared.memory) },
      };
    },
    update: (context) => {
      const { direction, state } = inner.update({ ...context, state: inside(context.state) });
      return { direction, state: { ...context.state, ...outside(state) } };
    },
    afterMove: (moved, state, step, parameter) => ({
      ...state,
      ...outside(inner.afterMove?.(moved, inside(state), step, parameter) ?? {}),
    }),
  } satisfies Optimizer as Inner & Required<Pick<Optimizer, 'memory' | 'prepare' | 'afterMove'>>;
}

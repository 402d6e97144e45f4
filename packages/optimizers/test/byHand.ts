// Optimizers and wrappers once more, in plain numbers and written independently: what nestings must come to.
import { isBias, type Place, start } from './freely.ts';

/** Parameters or gradients by index; those that are none of an optimizer's business are left out. */
type Numbers = Map<number, number>;

export interface Hand {
  /** Moves `w` along `g`. */
  step(w: Numbers, g: Numbers): void;
  /** What evaluations compute with, where it is not `w`. */
  evaluated(w: Numbers): Numbers;
}

const filtered = (numbers: Numbers, keep: (i: number) => boolean): Numbers =>
  new Map([...numbers].filter(([i]) => keep(i)));

export function momentum(rate: number, keep: number): Hand {
  const velocity: Numbers = new Map();
  return {
    step: (w, g) => {
      for (const [i, x] of g) {
        velocity.set(i, keep * (velocity.get(i) ?? 0) + x);
        w.set(i, w.get(i)! - rate * velocity.get(i)!);
      }
    },
    evaluated: (w) => w,
  };
}

export function clipped(inner: Hand, limit: number): Hand {
  return {
    ...inner,
    step: (w, g) => {
      const factor = Math.min(1, limit / (Math.hypot(...g.values()) + 1e-6));
      inner.step(w, new Map([...g].map(([i, x]) => [i, x * factor])));
    },
  };
}

export function accumulated(inner: Hand, steps: number): Hand {
  let [sum, made]: [Numbers, number] = [new Map(), 0];
  return {
    ...inner,
    step: (w, g) => {
      for (const [i, x] of g) sum.set(i, (sum.get(i) ?? 0) + x);
      if (++made % steps !== 0) return;
      inner.step(w, new Map([...sum].map(([i, x]) => [i, x / steps])));
      sum = new Map();
    },
  };
}

export function averaged(inner: Hand, decay: number): Hand {
  let mean: Numbers | undefined;
  return {
    step: (w, g) => {
      inner.step(w, g);
      const before = mean;
      mean = new Map([...w].map(([i, x]) => [i, before ? decay * before.get(i)! + (1 - decay) * x : x]));
    },
    evaluated: () => mean ?? new Map(start.entries()),
  };
}

/** `group` moves the bias, `rest` everything else. */
export function grouped(rest: Hand, group: Hand): Hand {
  const sides = [
    { hand: rest, keep: (i: number) => !isBias(i) },
    { hand: group, keep: isBias },
  ];
  return {
    step: (w, g) => {
      for (const { hand, keep } of sides) {
        const own = filtered(w, keep);
        hand.step(own, filtered(g, keep));
        for (const [i, x] of own) w.set(i, x);
      }
    },
    evaluated: (w) =>
      new Map(sides.flatMap(({ hand, keep }) => [...filtered(hand.evaluated(filtered(w, keep)), keep)])),
  };
}

export function walkByHand(hand: Hand, gradients: readonly (readonly number[])[]): Place[] {
  const w: Numbers = new Map(start.entries());
  const inOrder = (numbers: Numbers): number[] => start.map((_, i) => numbers.get(i)!);
  return gradients.map((gradient) => {
    hand.step(w, new Map(gradient.entries()));
    return { parameters: inOrder(w), evaluated: inOrder(hand.evaluated(w)) };
  });
}

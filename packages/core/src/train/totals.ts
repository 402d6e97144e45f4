// Loss and metrics, added up by programs over many batches, as scores.
import type { NumberArray } from '../scalar/dtype.ts';
import { sizeOf } from '../scalar/shape.ts';
import type { Scores } from './callback.ts';
import type { Compiled } from './compiled.ts';
import type { OutputMetric } from './recipe.ts';

/** State that a program keeps of a data set beside the totals. */
const others = ['row', 'badStep'];

function totalNames({ program }: Compiled, set: string): string[] {
  return Object.entries(program.names).flatMap(([name, { buffer }]) => {
    const isTotal = name.startsWith(`${set}.`) && !others.includes(name.slice(set.length + 1));
    return isTotal && program.buffers[buffer]?.home === 'state' ? [name] : [];
  });
}

export function resetTotals(compiled: Compiled, set: string): void {
  for (const name of totalNames(compiled, set)) {
    compiled.write(name, new Float64Array(sizeOf(compiled.program.names[name]?.shape as readonly number[])));
  }
}

/** The totals as they are, by name, to go on with elsewhere. */
export async function takeTotals(compiled: Compiled, set: string): Promise<Record<string, NumberArray>> {
  const taken: Record<string, NumberArray> = {};
  for (const name of totalNames(compiled, set)) taken[name] = await compiled.read(name);
  return taken;
}

/** Loss and metrics of the `examples` that have been added up since the totals were reset. */
export async function readScores(
  compiled: Compiled,
  set: string,
  metrics: readonly OutputMetric[],
  examples: number,
): Promise<{ loss: number } & Scores> {
  const weight = compiled.has(`${set}.weight`) ? await compiled.readNumber(`${set}.weight`) : examples;
  const loss = weight === 0 ? 0 : (await compiled.readNumber(`${set}.loss`)) / weight;
  const scores: Record<string, number> = {};
  for (const { name, metric } of metrics)
    scores[name] = metric.result(await totalsOf(compiled, set, name), examples);
  return { loss, ...scores };
}

/** The totals of one metric, by the names that it gave them. */
export async function totalsOf(
  compiled: Compiled,
  set: string,
  metric: string,
): Promise<Record<string, NumberArray>> {
  const prefix = `${set}.${metric}.`;
  const totals: Record<string, NumberArray> = {};
  for (const name of totalNames(compiled, set)) {
    if (name.startsWith(prefix)) totals[name.slice(prefix.length)] = await compiled.read(name);
  }
  return totals;
}

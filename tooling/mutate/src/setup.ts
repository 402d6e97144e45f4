// Runs in the worker before each test file: one failed test is enough, no loop goes on forever, and a file that asks for
// it is held to the tests of one plugin alone.
import { basename } from 'node:path';
import { afterEach, beforeEach, type TestContext } from 'vitest';
import { focusOf } from './scratchFiles.ts';

declare global {
  var mutationTick: () => void;
  var mutationCaught: Set<string> | undefined;
}

const mostTicks = 20_000;
let ticks = 0;
globalThis.mutationTick = () => {
  if (++ticks > mostTicks) throw new Error('a loop does not end');
};

globalThis.mutationCaught ??= new Set();
const caught = globalThis.mutationCaught;

/** "PyTorch > elu(alpha=1) agrees in value and slope". */
function nameOf(task: TestContext['task']): string {
  const names = [task.name];
  for (let suite = task.suite; suite; suite = suite.suite) names.unshift(suite.name);
  return names.join(' > ');
}

beforeEach(({ task, skip }) => {
  ticks = 0;
  const { filepath } = task.file;
  const focus = focusOf(basename(filepath));
  const isBeside = focus.length > 0 && !focus.some((word) => nameOf(task).includes(word));
  if (caught.has(filepath) || isBeside) skip();
});
afterEach(({ task }) => {
  if (task.result?.state === 'fail') caught.add(task.file.filepath);
});

// What can be measured, by the names that --suite takes.
import { epoch } from './epoch.ts';
import { matmul } from './matmul.ts';
import { predict } from './predict.ts';
import { size } from './size.ts';
import { start } from './start.ts';
import { step } from './step.ts';
import type { Suite } from './suite.ts';

export const suites: Readonly<Record<string, Suite>> = { step, epoch, predict, matmul, start, size };

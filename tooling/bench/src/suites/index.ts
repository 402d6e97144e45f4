// What can be measured, by the names that --suite takes.
import { step } from './step.ts';
import type { Suite } from './suite.ts';

export const suites: Readonly<Record<string, Suite>> = { step };

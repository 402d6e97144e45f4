#!/usr/bin/env node
// The program `neurite`: a command line in a process. This file only puts things together.
import process from 'node:process';
import { neurite } from './neurite.ts';

// Whoever reads may have seen enough, as in `neurite predict … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await neurite(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  folder: process.cwd(),
  environment: process.env,
  onInterrupt: (stop) => {
    // Once: another Ctrl-C ends the process at once, as it does by default.
    process.once('SIGINT', stop);
    return () => process.off('SIGINT', stop);
  },
});

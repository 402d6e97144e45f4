// Systems that compute outside JavaScript.
import { spawnSync } from 'node:child_process';
import { requirePeer } from '../peers.ts';
import type { System } from './system.ts';

/** @throws Error always: it runs graphs, and has none for a training step. */
export function onnx(): System {
  requirePeer('onnxruntime-node');
  throw new Error('not measured: onnxruntime-node runs a training step only from an exported graph');
}

/** @throws Error always: what is missing. */
export function pytorch(): System {
  const { status, error, stderr } = spawnSync('/usr/bin/python3', ['-c', 'import torch'], {
    encoding: 'utf8',
  });
  if (error) throw new Error(`not measured: /usr/bin/python3 does not start (${error.message})`);
  if (status !== 0) throw new Error(`not measured: ${stderr.trim().split('\n').at(-1)}`);
  throw new Error('not measured: PyTorch is here, but the benchmark has no script for it yet');
}

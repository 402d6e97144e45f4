import type { PluginKind } from '@neurite/core';
import { expect, it } from 'vitest';
import { make, plugins } from '../src/plugins.ts';
import { fieldsOf, initialSpec, withOption } from '../src/spec/forms.ts';
import { backendVariants } from '../src/training/variants.ts';

const kinds: readonly PluginKind[] = [
  'activation',
  'backend',
  'constraint',
  'initializer',
  'layer',
  'loss',
  'metric',
  'optimizer',
  'regularizer',
  'schedule',
];

it('begins every registered plugin as something that can be made', () => {
  for (const kind of kinds) {
    expect(plugins.names(kind).length).toBeGreaterThan(0);
    for (const type of plugins.names(kind) as string[]) {
      const spec = initialSpec(kind, type);
      if (type === 'activation') continue; // a layer that says itself what it lacks
      expect(() => make(kind, spec), `${kind} ${type}`).not.toThrow();
    }
  }
});

it('keeps options that the next plugin has too, and wraps the optimizer that was there', () => {
  const adam = { type: 'adam', learningRate: 0.02, beta2: 0.99 };
  expect(initialSpec('optimizer', 'adamW', adam)).toEqual({ ...adam, type: 'adamW' });
  expect(initialSpec('optimizer', 'sgd', adam)).toEqual({ type: 'sgd', learningRate: 0.02 });
  expect(initialSpec('optimizer', 'clipByNorm', adam)).toEqual({ type: 'clipByNorm', optimizer: adam });
});

it('leaves out what is as by default', () => {
  const field = fieldsOf('optimizer', 'adam').find(({ name }) => name === 'beta1');
  expect(field && withOption({ type: 'adam', beta1: 0.5 }, field, 0.9)).toEqual({ type: 'adam' });
});

it('offers a backend once for each of its modes', () => {
  expect(backendVariants()).toContainEqual({ type: 'wasm' });
  expect(backendVariants()).toContainEqual({ type: 'gpu', mode: 'webgpu' });
});

// What computes.
import { type Backend, type BackendChoice, fastest, NeuriteError } from '@neurite/core';
import { type Plugins, pluginOf } from './plugins.ts';
import { UsageError } from './usageError.ts';

/** The name for: time the real step on each. */
const quickest = 'fastest';

/** The first of these that runs here, where nobody says. */
const usual = ['wasm', 'cpu'];

/**
 * What `make` makes on the backend that was asked for; where none was, on the first that runs here.
 *
 * @param say gets a line where that is not the first of all.
 * @throws UsageError where there is no such backend, NeuriteError `unsupported` where none runs.
 */
export async function onBackend<T>(
  plugins: Plugins,
  name: string | undefined,
  say: (text: string) => void,
  make: (backend: Backend) => Promise<T>,
): Promise<T> {
  const names = name === undefined ? usual : [name];
  for (const [i, each] of names.entries()) {
    try {
      return await make(backendOf(plugins, each));
    } catch (error) {
      const next = names[i + 1];
      if (next === undefined || !(error instanceof NeuriteError && error.code === 'unsupported')) throw error;
      say(`${error.message}; going on with ${next}`);
    }
  }
  throw new NeuriteError('internal', 'there is no usual backend');
}

/** As `onBackend`, for trainings: `fastest` times the real step on all that are registered. */
export const onTrainingBackend = <T>(
  plugins: Plugins,
  name: string | undefined,
  say: (text: string) => void,
  make: (backend: Backend | BackendChoice) => Promise<T>,
): Promise<T> =>
  name === quickest
    ? make(fastest(plugins.registry.names('backend').map((each) => backendOf(plugins, each))))
    : onBackend(plugins, name, say, make);

function backendOf(plugins: Plugins, name: string): Backend {
  const names: readonly string[] = plugins.registry.names('backend');
  if (names.includes(name)) return pluginOf(plugins, 'backend', name, '--backend');
  const there = names.map((each) => `"${each}"`).join(', ');
  const more = name === quickest ? ': only train takes the fastest' : '';
  throw new UsageError(`--backend: there is no backend "${name}", only ${there}${more}`);
}

// The backends that can be chosen, as their descriptions have them.
import { type PluginSpec, plugins } from '../plugins.ts';
import { fieldsOf } from '../spec/forms.ts';

/** Every backend as it is, and with each value of its first option that is a choice. */
export const backendVariants = (): PluginSpec[] =>
  plugins.names('backend').flatMap((type): PluginSpec[] => {
    const field = fieldsOf('backend', type).find(({ option }) => option.choices);
    if (!field) return [{ type }];
    const { name, option } = field;
    return (option.choices ?? []).map((choice) =>
      choice === option.default ? { type } : { type, [name]: choice },
    );
  });

// Cases for the options of any plugin: each does something, and all survive as data.
import {
  NeuriteError,
  type NumberArray,
  optionOf,
  type PluginKind,
  type PluginKinds,
  registry,
  toData,
} from '@neurite/core';
import { AssertionError } from '../assertionError.ts';
import type { SuiteCase } from '../suite/case.ts';
import type { DefinitionOf, PluginSuiteOptions } from './definition.ts';
import { type Form, print } from './forms.ts';

/**
 * @param numbersOf what a plugin computes on examples, by which two plugins are told apart.
 * @param exempt options that are not the plugin's own business.
 */
export function optionCases<Kind extends PluginKind>(
  definition: DefinitionOf<Kind>,
  forms: readonly [plain: Form<Kind>, ...others: Form<Kind>[]],
  { given = {}, refused = {}, registered = {} }: PluginSuiteOptions<DefinitionOf<Kind>>,
  numbersOf: (plugin: PluginKinds[Kind]) => readonly NumberArray[],
  exempt: readonly string[] = [],
): SuiteCase[] {
  const [plain] = forms;
  const names = Object.keys(definition.schema).filter((name) => !exempt.includes(name));
  const differences = names.map((name) => ({
    name: `${definition.type}: the option ${name} makes a difference`,
    run: async () => {
      const changed = forms.filter((form) => form.changed === name);
      if (changed.length === 0) {
        const { takes } = optionOf(definition.schema[name] as DefinitionOf<Kind>['schema'][string]);
        throw new AssertionError(
          `the suite needs another value for the option "${name}": give alternatives: { ${name}: [${takes}] }`,
        );
      }
      const before = numbersOf(plain.make());
      for (const form of changed) {
        if (sameNumbers(numbersOf(form.make()), before)) {
          throw new AssertionError(`${form.name} computes what ${plain.name} computes`);
        }
      }
    },
  }));
  const refusals = Object.entries(refused).flatMap(([name, values]) =>
    (values ?? []).map((value) => ({
      name: `${definition.type}: ${name} must not be ${print(value)}`,
      run: async () => requireRefusal(() => definition({ ...given, [name]: value } as never)),
    })),
  );
  const ofForms = forms.flatMap((form) => [
    {
      name: `${form.name} is the same each time it is made`,
      run: async () => {
        const [first, second] = [numbersOf(form.make()), numbersOf(form.make())];
        requireSame(second, first, 'what the second one computes');
        const plugin = form.make();
        numbersOf(plugin);
        requireSame(numbersOf(plugin), first, 'what it computes the second time');
      },
    },
    {
      name: `${form.name} comes back from data`,
      run: async () => {
        const plugin = form.make();
        const data = toData(plugin);
        const text = JSON.stringify(data);
        const names = registry().use({ ...registered, [definition.type]: definition });
        // The registry knows the type only now.
        const read = names.make(definition.kind, JSON.parse(text) as PluginKinds[Kind]);
        const again = JSON.stringify(toData(read));
        if (again !== text) {
          throw new AssertionError(`${text} comes back as ${again}`, { actual: again, expected: text });
        }
        requireSame(numbersOf(read), numbersOf(plugin), 'what the one from data computes');
      },
    },
  ]);
  return [...differences, ...refusals, ...ofForms];
}

function requireRefusal(make: () => unknown): void {
  try {
    make();
  } catch (error) {
    if (error instanceof NeuriteError && error.code === 'option') return;
    throw new AssertionError(`it must throw a NeuriteError 'option', but threw ${error}`, { actual: error });
  }
  throw new AssertionError('it is accepted');
}

function requireSame(actual: readonly NumberArray[], expected: readonly NumberArray[], what: string): void {
  if (!sameNumbers(actual, expected)) {
    throw new AssertionError(`${what} is not the same`, { actual, expected });
  }
}

const sameNumbers = (a: readonly NumberArray[], b: readonly NumberArray[]): boolean =>
  a.length === b.length &&
  a.every((values, i) => {
    const others = b[i] as NumberArray;
    return values.length === others.length && values.every((value, j) => Object.is(value, others[j]));
  });

import {
  NeuriteError,
  nearestNames,
  optimizerWrapper,
  option,
  type ParameterInfo,
  prepareGradients,
  type RequiredOption,
  type Tensor,
  zerosLike,
} from '@neurite/core';
import { renamed } from './nesting.ts';

const names: RequiredOption<readonly string[]> = {
  kind: 'text',
  default: undefined,
  required: true,
  takes: 'a list of names of layers or parameters',
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((name) => typeof name === 'string' && name !== ''),
};

/**
 * `group` moves the parameters that are named, `optimizer` all others. Each has a learning rate, a schedule and a memory of
 * its own, and sees the gradients of its own parameters alone: clipping one side by its norm leaves the other be. For
 * several groups, `optimizer` is a parameterGroup again; the outer one chooses first. PyTorch's parameter groups.
 *
 * - `parameters`: names of layers ("hidden1") or parameters ("output.bias"), or what parameters of several layers are
 *   called in each ("bias"). Must be given.
 * - `group`: their optimizer. Must be given.
 *
 * The first step throws a NeuriteError `name` where one of the names is of no parameter that is trained.
 *
 * @example
 * parameterGroup({ optimizer: adamW(), parameters: ['bias'], group: adamW({ weightDecay: 0 }) })
 */
export const parameterGroup = optimizerWrapper(
  'parameterGroup',
  { parameters: names, group: option.requiredPlugin('optimizer') },
  (optimizer, { parameters, group }) => {
    const rest = renamed(optimizer, 'rest.');
    const grouped = renamed(group, 'group.');
    const isMember = (name: string): boolean => parameters.some((wanted) => isNamed(name, wanted));
    const ownerOf = (name: string) => (isMember(name) ? grouped : rest);
    // What evaluations compute with, where one side has something in place of its parameters.
    const standsIn = rest.evaluates !== undefined || grouped.evaluates !== undefined;
    return {
      evaluates: standsIn ? 'evaluated' : undefined,
      rateOf: (parameter) => {
        const owner = ownerOf(parameter.name);
        return owner.rateOf?.(parameter) ?? owner.learningRate;
      },
      moves: (step, parameter) => ownerOf(parameter.name).moves?.(step, parameter),
      state: (parameter) => ({
        ...rest.state(parameter),
        ...grouped.state(parameter),
        ...(standsIn && { evaluated: parameter }),
      }),
      memory: (all) => ({ ...rest.memory(all), ...grouped.memory(all) }),
      prepare: (gradients, context) => {
        const members = membersOf(context.infos, parameters);
        const keep = (wanted: boolean): Tensor[] =>
          gradients.map((gradient, i) => (members[i] === wanted ? gradient : zerosLike(gradient)));
        const others = prepareGradients(rest, keep(false), context);
        const all = prepareGradients(grouped, keep(true), { ...context, ...others });
        return {
          gradients: members.map((isOwn, i) => (isOwn ? all : others).gradients[i] as Tensor),
          states: all.states,
          memory: all.memory,
        };
      },
      update: (context) => ownerOf(context.name).update(context),
      afterMove: (moved, before, step, parameter) => {
        const owner = ownerOf(parameter.name);
        const state = owner.afterMove(moved, before, step, parameter);
        if (!standsIn) return state;
        const evaluated = owner.evaluates === undefined ? moved : (state[owner.evaluates] as Tensor);
        return { ...state, evaluated };
      },
    };
  },
);

const isNamed = (name: string, wanted: string): boolean =>
  name === wanted || name.startsWith(`${wanted}.`) || name.endsWith(`.${wanted}`);

/** Which of the parameters are named. */
function membersOf(infos: readonly ParameterInfo[], wanted: readonly string[]): boolean[] {
  const known = infos.map(({ name }) => name);
  for (const name of wanted) {
    if (known.some((own) => isNamed(own, name))) continue;
    const parts = new Set(known.flatMap((own) => [own, ...own.split('.')]));
    const listed = nearestNames(name, [...parts]).map((near) => `"${near}"`);
    throw new NeuriteError(
      'name',
      `parameterGroup: no parameter that is trained has the name "${name}": there are ${listed.join(', ')}`,
    );
  }
  return known.map((own) => wanted.some((name) => isNamed(own, name)));
}

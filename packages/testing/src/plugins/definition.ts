// What a suite of plugins is called with: a definition, and what the suite cannot know about its options.
import type { PluginKind, PluginKinds, Resolved, Schema } from '@neurite/core';

/** What a package exports for one plugin, whatever its options are. */
export interface DefinitionOf<Kind extends PluginKind> {
  (options: never): PluginKinds[Kind];
  readonly kind: Kind;
  readonly type: string;
  readonly schema: Schema;
}

/** The options of the plugins that `D` makes, all of them. */
export type OptionsOf<D extends DefinitionOf<PluginKind>> = Resolved<D['schema']>;

/** One value for the plugin whatever its options are, or one that depends on them. */
export type ByOptions<D extends DefinitionOf<PluginKind>, Value> = Value | ((options: OptionsOf<D>) => Value);

/** What a suite of any kind of plugin is told of its options; all of it may be left out. */
export interface PluginSuiteOptions<D extends DefinitionOf<PluginKind>> {
  /** Options that every plugin of the suite is made with: those that must be given. */
  readonly given?: Partial<OptionsOf<D>>;
  /**
   * Other values of each option than the one it has otherwise. All that is proved of the plugin is proved with each of
   * them too, and each must make a difference. Flags and choices have them by themselves.
   */
  readonly alternatives?: { readonly [Name in keyof OptionsOf<D>]?: readonly OptionsOf<D>[Name][] };
  /** Values of options that must not be accepted. */
  readonly refused?: { readonly [Name in keyof OptionsOf<D>]?: readonly unknown[] };
  /** Definitions of the plugins among its options, by name: needed to read it from data. */
  readonly registered?: Readonly<Record<string, unknown>>;
}

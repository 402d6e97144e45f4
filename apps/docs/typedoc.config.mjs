// The reference, from the docstrings of every door.
import { doors } from './typedoc/doors.mjs';

/** @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions} */
export default {
  entryPoints: [...doors.values()],
  tsconfig: 'typedoc/tsconfig.json',
  plugin: [
    'typedoc-plugin-markdown',
    'typedoc-vitepress-theme',
    './typedoc/names.mjs',
    './typedoc/documented.mjs',
  ],
  out: 'pages/reference',
  docsRoot: 'pages',
  router: 'module',
  sort: ['alphabetical'],
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  excludeExternals: true,
  readme: 'none',
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  skipErrorChecking: true, // tsc and the tests have looked
  validation: { notExported: false, invalidLink: true, notDocumented: false },
};

// Who may import whom. tooling/arch/check.mjs holds the tree to it, and holds these rules to planted faults.
const escaped = (path) => path.replace(/[.]/g, '\\.');

/** The rooms of @neurite/core, and which others each may look into. */
const rooms = {
  'errors.ts': [],
  'scalar/': ['errors.ts'],
  'tensor/': ['scalar/', 'errors.ts'],
  'program/': ['tensor/', 'scalar/', 'errors.ts'],
  'plugin/': ['tensor/', 'program/', 'scalar/', 'errors.ts'],
  'initializers/': ['plugin/', 'tensor/', 'scalar/', 'errors.ts'],
  'metrics/': ['plugin/', 'tensor/', 'scalar/', 'errors.ts'],
  'network/': ['plugin/', 'tensor/', 'program/', 'scalar/', 'errors.ts'],
  'inspect/': ['train/', 'network/', 'plugin/', 'tensor/', 'program/', 'scalar/', 'errors.ts'],
  'callbacks/': ['inspect/', 'train/', 'network/', 'plugin/', 'tensor/', 'program/', 'scalar/', 'errors.ts'],
  'train/': ['network/', 'plugin/', 'tensor/', 'program/', 'scalar/', 'errors.ts'],
};
const core = (...names) =>
  names.map((name) => `^packages/core/src/${escaped(name)}${name.endsWith('/') ? '' : '$'}`);
// The contract of backends, and what defining one takes.
const contract = ['plugin/backend.ts', 'plugin/definition.ts', 'plugin/options.ts'];
const families = 'activations|layers|losses|optimizers|regularizers';
const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/** Rules for every import, those of types too. */
const imports = [
  rule('resolvable', 'Declare the dependency in package.json.', {}, { couldNotResolve: true }),
  ...Object.entries(rooms).map(([room, others]) =>
    rule(
      `core-${room.replace(/\W|ts$/g, '')}`,
      `core/src/${room} may look into ${others.join(', ') || 'nothing else of core'}.`,
      // The door for backends also hands out their contract.
      { path: core(room), pathNot: core('program/index.ts') },
      { path: '^packages/core/src/', pathNot: core(room, ...others) },
    ),
  ),
  rule(
    'core-rooms',
    'A new room in core says in .dependency-cruiser.mjs which others it may look into.',
    { path: '^packages/core/src/', pathNot: core(...Object.keys(rooms), 'index.ts') },
    {},
  ),
  rule(
    'core-program-door',
    'The door for backends opens the program, what the program may look into, and the backend’s contract.',
    { path: core('program/index.ts') },
    { path: '^packages/core/src/', pathNot: core('program/', 'scalar/', 'errors.ts', ...contract) },
  ),
  rule(
    'core-outside',
    'core depends on nothing.',
    { path: '^packages/core/src/' },
    { pathNot: '^packages/core/src/' },
  ),
  rule(
    'family',
    'A plugin package imports @neurite/core alone.',
    { path: `^packages/(${families})/src/` },
    { pathNot: ['^packages/$1/src/', ...core('index.ts')] },
  ),
  rule(
    'backend',
    'A backend imports @neurite/core/program, and no other package of ours.',
    { path: '^packages/(backend-[^/]+)/src/' },
    { path: '^packages/', pathNot: ['^packages/$1/src/', ...core('program/index.ts')] },
  ),
  rule(
    'testing',
    'The checks import the doors of core, and no other package of ours.',
    { path: '^packages/testing/src/' },
    { path: '^packages/', pathNot: ['^packages/testing/src/', ...core('index.ts', 'program/index.ts')] },
  ),
  rule(
    'datasets',
    'Data sets import nothing of ours but @neurite/core.',
    { path: '^packages/datasets/src/' },
    { path: '^packages/', pathNot: ['^packages/datasets/src/', ...core('index.ts')] },
  ),
  rule(
    'datasets-outside',
    'What runs anywhere depends on nothing but a reader of CSV; only node/ may know Node and other npm packages.',
    { path: '^packages/datasets/src/', pathNot: '^packages/datasets/src/node/' },
    { pathNot: ['^packages/', '/papaparse/'] },
  ),
  rule(
    'checkpoint',
    'Checkpoints import nothing of ours but @neurite/core.',
    { path: '^packages/checkpoint/src/' },
    { path: '^packages/', pathNot: ['^packages/checkpoint/src/', ...core('index.ts')] },
  ),
  rule(
    'checkpoint-outside',
    'Checkpoints depend on nothing; only node.ts and the files that it writes know Node.',
    { path: '^packages/checkpoint/src/', pathNot: '^packages/checkpoint/src/(node|atomicFile)\\.ts$' },
    { pathNot: '^packages/' },
  ),
  rule(
    'convert',
    'Conversions import @neurite/core; the CPU backend’s printer, since a module has the very code that the backend runs; and checkpoints, which read safetensors.',
    { path: '^packages/convert/src/' },
    {
      path: '^packages/',
      pathNot: [
        '^packages/convert/src/',
        ...core('index.ts'),
        '^packages/backend-cpu/src/source\\.ts$',
        '^packages/checkpoint/src/index\\.ts$',
      ],
    },
  ),
  rule(
    'convert-outside',
    'Conversions run anywhere: of npm they know a writer of protocol buffers, and one that unzips.',
    { path: '^packages/convert/src/' },
    { pathNot: ['^packages/', '/(pbf|fflate)/'] },
  ),
  rule(
    'public-door',
    'Import another package through its public doors.',
    { path: '^(?:packages|apps)/([^/]+)/src/' },
    {
      path: '^packages/',
      pathNot: [
        '^packages/$1/',
        '^packages/[^/]+/src/index\\.ts$',
        '^packages/core/src/program/index\\.ts$',
        '^packages/backend-cpu/src/source\\.ts$',
        '^packages/convert/src/(keras|module|onnx|pytorch|typescript)\\.ts$',
        '^packages/checkpoint/src/(node|browser)\\.ts$',
        '^packages/datasets/src/node/(mnist|fashionMnist|cifar10)\\.ts$',
      ],
    },
  ),
  rule(
    'no-testing',
    'Nobody’s sources import the checks.',
    { path: '^(?:packages|apps)/[^/]+/src/', pathNot: '^packages/testing/' },
    { path: '^packages/testing/' },
  ),
  rule(
    'no-cli',
    'The command line puts packages together; nobody’s sources import it.',
    { path: '^(?:packages|apps)/[^/]+/src/', pathNot: '^packages/cli/' },
    { path: '^packages/cli/' },
  ),
  rule(
    'no-apps',
    'Nobody’s sources import an app.',
    { path: '^(packages|apps)/([^/]+)/src/' },
    { path: '^apps/', pathNot: '^$1/$2/' },
  ),
];

/** Rules for what is left of the imports when types are gone. */
const values = [
  rule('no-circular', 'Files do not import each other in a circle.', {}, { circular: true }),
  rule(
    'core-program-reach',
    'A backend’s bundle holds no tensor, no network and no training.',
    { path: core('program/index.ts') },
    { path: core('tensor/', 'network/', 'train/'), reachable: true },
  ),
  rule(
    'datasets-reach',
    'The main door of datasets is free of Node.',
    { path: '^packages/datasets/src/index\\.ts$' },
    { path: '^packages/datasets/src/node/', reachable: true },
  ),
  rule(
    'checkpoint-reach',
    'The main door of checkpoints is free of Node and browsers, that for browsers of Node.',
    { path: '^packages/checkpoint/src/(index|browser)\\.ts$' },
    { path: '^packages/checkpoint/src/(node|atomicFile|browser)\\.ts$', reachable: true },
  ),
];

const options = {
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '(^|/)dist/' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['@neurite/source', 'import', 'types', 'default'],
  },
};

export default { forbidden: imports, options: { ...options, tsPreCompilationDeps: true } };
export const runtime = { forbidden: values, options: { ...options, tsPreCompilationDeps: false } };

/**
 * Who may know whom. One table of rooms; the rules are made from it.
 * `npx depcruise src webview` checks it, the unit tests assert it.
 */

/** Room → the rooms it may import from (itself is understood), and `types`: rooms of which it may know types only. */
const ROOMS = {
  protocol: { knows: [] },
  numerics: { knows: [] },
  experiment: { knows: ['protocol', 'numerics'], types: ['models'] },
  data: { knows: ['numerics', 'protocol'], types: ['experiment'] },
  losses: { knows: ['numerics', 'protocol'], types: ['experiment', 'data'] },
  models: { knows: ['numerics', 'protocol', 'data', 'losses'], types: ['experiment'] },
  measures: { knows: ['numerics', 'protocol', 'data', 'losses', 'models', 'experiment'], types: ['solvers', 'dynamics'] },
  solvers: { knows: ['numerics', 'protocol', 'data', 'losses', 'models', 'experiment'] },
  dynamics: { knows: ['numerics', 'protocol', 'data', 'losses', 'models', 'experiment'] },
  theory: { knows: ['numerics', 'protocol', 'data', 'losses', 'models', 'experiment', 'measures', 'solvers'], types: ['dynamics'] },
  study: { knows: ['numerics', 'protocol', 'data', 'losses', 'models', 'experiment', 'measures', 'solvers', 'dynamics', 'theory'] },
  export: { knows: ['protocol'], types: ['experiment'] },
  worker: { knows: ['protocol', 'experiment', 'data', 'solvers', 'theory', 'study'], types: ['numerics', 'models'] },
  cli: { knows: ['protocol', 'experiment', 'data', 'theory', 'study', 'export', 'worker'] },
  // `numerics`: the hash that tells texts apart.
  extension: { knows: ['protocol', 'numerics', 'experiment', 'theory', 'study', 'export', 'worker'], types: ['data'] },
  // Stands in for single files of `worker` and `extension` (scripts/browser-twins.mjs), whose types it has; of nobody else known.
  browser: { knows: ['protocol', 'data', 'worker'], types: ['extension'] },
};

/** Rooms that run anywhere: no Node, no DOM, no editor. */
const PURE = [
  'protocol',
  'numerics',
  'experiment',
  'data',
  'losses',
  'models',
  'measures',
  'solvers',
  'dynamics',
  'theory',
  'study',
  'export',
];

const anyOf = (rooms) => `^src/(${rooms.join('|')})/`;

const directions = Object.entries(ROOMS).flatMap(([room, { knows, types = [] }]) => [
  {
    name: `${room}-knows-only-rooms-below`,
    comment: `${room} may import from: ${[...knows, ...types.map((name) => `${name} (types)`)].join(', ') || 'no other room'}.`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: '^(src|webview|test)/', pathNot: anyOf([room, ...knows, ...types]) },
  },
  ...(types.length === 0
    ? []
    : [
        {
          name: `${room}-knows-types-only`,
          comment: `${room} may know only types of: ${types.join(', ')}.`,
          severity: 'error',
          from: { path: `^src/${room}/` },
          to: { path: anyOf(types), dependencyTypesNot: ['type-only'] },
        },
      ]),
]);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...directions,
    {
      name: 'no-circle',
      comment: 'Two files that need each other are one idea, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'pure-rooms-know-no-node',
      comment: 'Files, processes and threads reach the pure rooms through the interfaces of study/environment.ts.',
      severity: 'error',
      from: { path: anyOf(PURE) },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-browser-knows-no-node',
      comment: 'A twin does by what a browser gives what its file does by Node.',
      severity: 'error',
      from: { path: '^src/browser/' },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-extension-leaves-node-to-its-places',
      comment: 'What the extension needs of Node stands in files that have a twin for browsers: places.ts here, the others in src/worker/.',
      severity: 'error',
      from: { path: '^src/extension/', pathNot: '^src/extension/places\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-rooms-know-no-editor-and-no-page',
      comment: 'Only computing packages belong to the pure rooms.',
      severity: 'error',
      from: { path: anyOf(PURE) },
      to: { path: '(^vscode$)|node_modules/(@types/vscode|@vscode|chart\\.js|commander)/' },
    },
    {
      name: 'only-the-extension-knows-the-editor',
      comment: 'What imports vscode cannot run in a worker or a terminal.',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^src/(extension|browser/host)/' },
      to: { path: '(^vscode$)|node_modules/@types/vscode/' },
    },
    {
      name: 'the-page-knows-the-protocol-only',
      comment: 'A page lives behind messages.',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^(src|test)/', pathNot: '^src/protocol/' },
    },
    {
      name: 'what-ships-needs-no-development-package',
      comment: 'A development package is missing where the product is installed.',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/numerics/wasm/assembly/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};

// A process that starts the built extension with a double of the editor and prints what that took, in milliseconds, as JSON:
// loading and activating it; then the first lenses of the experiment that is named.
const Module = require('node:module');
const { readFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');

const [, , bundle, experiment] = process.argv;
const text = readFileSync(experiment, 'utf8');
const nothing = () => undefined;
/** Takes every call and knows every member. */
const anything = () =>
  new Proxy(class {}, {
    get: (target, key) => (key === 'prototype' ? target.prototype : key === Symbol.toPrimitive ? () => '' : anything()),
    set: () => true,
    apply: anything,
    construct: anything,
  });
const uri = (path) => ({ scheme: 'file', path, fsPath: path, toString: () => `file://${path}` });
let lenses = null;
const known = {
  Uri: { joinPath: ({ path }, ...parts) => uri(join(path, ...parts)), parse: uri, file: uri },
  EventEmitter: class {
    event = () => ({ dispose: nothing });
    fire = nothing;
    dispose = nothing;
  },
  languages: {
    ...Object.fromEntries(
      ['createDiagnosticCollection', 'registerHoverProvider', 'registerCodeActionsProvider'].map((name) => [name, anything()]),
    ),
    registerCodeLensProvider: (_selector, provider) => {
      lenses = provider;
      return { dispose: nothing };
    },
  },
  workspace: new Proxy(
    { textDocuments: [], workspaceFolders: undefined, getConfiguration: () => ({ get: nothing }) },
    { get: (target, key) => (key in target ? target[key] : anything()) },
  ),
  window: new Proxy({ activeTextEditor: undefined }, { get: (target, key) => (key in target ? target[key] : anything()) }),
  commands: { registerCommand: () => ({ dispose: nothing }), executeCommand: async () => undefined },
};
const editor = new Proxy(known, { get: (target, key) => (key in target ? target[key] : anything()) });
const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? editor : load(request, ...rest));

const clock = () => {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), processor: (user + system) / 1000 };
};
const since = (start) => {
  const now = clock();
  return { wall: now.wall - start.wall, processor: now.processor - start.processor };
};

async function main() {
  const start = clock();
  const { activate } = require(bundle);
  const storage = uri(join(tmpdir(), 'bias-lab-bench-storage'));
  activate({
    subscriptions: [],
    asAbsolutePath: (path) => path,
    extensionUri: uri(join(bundle, '..', '..')),
    storageUri: storage,
    globalStorageUri: storage,
  });
  const activation = since(start);
  const document = {
    uri: uri(experiment),
    getText: () => text,
    version: 1,
    isClosed: false,
    lineCount: text.split('\n').length,
    languageId: 'json',
  };
  const asked = clock();
  const given = await lenses.provideCodeLenses(document);
  const firstLenses = since(asked);
  process.stdout.write(JSON.stringify({ activation, firstLenses, lenses: given.length }));
  process.exit(0);
}

main();

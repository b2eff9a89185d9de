// A process that starts the built extension with a double of the editor and prints what that took, in milliseconds, as JSON.
//   starts BUNDLE EXPERIMENT   loading and activating it; then the first lenses of the experiment that is named
//   runs BUNDLE EXPERIMENT     from the command to the first points on their way to the results page: the first time, and again
//   blocks BUNDLE EXPERIMENT   the longest time for which nothing else had a turn: from loading to the worker's first answer,
//                              while the experiment is typed in, with lenses after every key, and while it runs
const Module = require('node:module');
const { readFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');
const { setTimeout: pause } = require('node:timers/promises');

const [, , what, bundle, experiment] = process.argv;
let text = readFileSync(experiment, 'utf8');
const nothing = () => undefined;
/** Takes every call and knows every member. */
const anything = () =>
  new Proxy(class {}, {
    get: (target, key) => (key === 'prototype' ? target.prototype : key === Symbol.toPrimitive ? () => '' : anything()),
    set: () => true,
    apply: anything,
    construct: anything,
  });
class Uri {
  scheme = 'file';
  constructor(path) {
    this.path = this.fsPath = path;
  }
  toString() {
    return `file://${this.path}`;
  }
  static joinPath = ({ path }, ...parts) => uri(join(path, ...parts));
  static file = (path) => uri(path);
  static parse = (text) => uri(text.replace('file://', ''));
  static from = ({ path }) => uri(path);
}
const uri = (path) => new Uri(path);
/** What goes wrong inside the extension is told there; a measurement of it would be none. */
const createOutputChannel = () => ({
  error: (message) => {
    process.stderr.write(`${message}\n`);
    process.exit(1);
  },
  warn: nothing,
  debug: nothing,
  dispose: nothing,
});
let lenses = null;
/** Who wants to hear of changes to a text. */
const listeners = [];
let analysed = null;
const commands = new Map();
/** What the results page is told. */
let told = nothing;
/** A results page that asks as soon as it is there. */
const createWebviewPanel = () => ({
  visible: true,
  reveal: nothing,
  dispose: nothing,
  onDidDispose: () => ({ dispose: nothing }),
  onDidChangeViewState: () => ({ dispose: nothing }),
  webview: {
    cspSource: '',
    asWebviewUri: (file) => file,
    onDidReceiveMessage: (listener) => {
      setImmediate(() => listener({ type: 'ready' }));
      return { dispose: nothing };
    },
    postMessage: async (message) => told(message),
  },
});
const known = {
  Uri,
  EventEmitter: class {
    event = () => ({ dispose: nothing });
    fire = nothing;
    dispose = nothing;
  },
  languages: {
    ...Object.fromEntries(['registerHoverProvider', 'registerCodeActionsProvider'].map((name) => [name, anything()])),
    // Problems are published when the worker has answered.
    createDiagnosticCollection: () => ({ set: () => analysed?.(), delete: nothing, dispose: nothing }),
    registerCodeLensProvider: (_selector, provider) => {
      lenses = provider;
      return { dispose: nothing };
    },
  },
  workspace: new Proxy(
    {
      textDocuments: [],
      openTextDocument: async () => document,
      // A disk that takes everything and keeps nothing.
      fs: new Proxy({}, { get: () => async () => [] }),
      workspaceFolders: undefined,
      getConfiguration: () => ({ get: (_key, value) => value }),
      getWorkspaceFolder: () => undefined,
      onDidChangeTextDocument: (listener) => {
        listeners.push(listener);
        return { dispose: nothing };
      },
    },
    { get: (target, key) => (key in target ? target[key] : anything()) },
  ),
  window: new Proxy(
    { activeTextEditor: undefined, createOutputChannel, createWebviewPanel },
    { get: (target, key) => (key in target ? target[key] : anything()) },
  ),
  commands: {
    registerCommand: (name, command) => {
      commands.set(name, command);
      return { dispose: nothing };
    },
    executeCommand: async () => undefined,
  },
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

function start() {
  const { activate } = require(bundle);
  const storage = uri(join(tmpdir(), 'bias-lab-bench-storage'));
  const root = join(bundle, '..', '..');
  activate({
    subscriptions: [],
    asAbsolutePath: (path) => join(root, path),
    extensionUri: uri(root),
    storageUri: storage,
    globalStorageUri: storage,
  });
}

const document = {
  uri: uri(experiment),
  getText: () => text,
  version: 1,
  isClosed: false,
  lineCount: text.split('\n').length,
  languageId: 'json',
};

async function starts() {
  const begun = clock();
  start();
  const activation = since(begun);
  const asked = clock();
  const given = await lenses.provideCodeLenses(document, { isCancellationRequested: false });
  return { activation, firstLenses: since(asked), lenses: given.length };
}

/** Others have a turn as often as they can; the longest time between two turns is what they had to wait. */
function watch() {
  let longest = 0;
  let last = performance.now();
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    const waited = longest;
    longest = 0;
    return waited;
  };
}

const change = () => listeners.forEach((listener) => listener({ document, contentChanges: [] }));
const answered = () => new Promise((resolve) => (analysed = resolve));

/** Opens the experiment, up to the worker's first answer. */
async function open() {
  start();
  await lenses.provideCodeLenses(document, { isCancellationRequested: false });
  const answer = answered();
  change();
  await answer;
}

/** Runs the experiment to its end; gives what passed until the page was sent its first points. */
async function run() {
  const asked = clock();
  let first = null;
  told = ({ type, points }) => {
    if (type === 'points' && points.rows > 0) first ??= since(asked);
  };
  await commands.get('biasLab.run')(document.uri);
  if (first === null) throw new Error('the page was sent no points while the experiment ran');
  return first;
}

async function runs() {
  await open();
  // Who has opened a file reads it first.
  await pause(1000);
  return { firstPoint: await run(), firstPointAgain: await run() };
}

async function blocks() {
  const longest = watch();
  await pause(50);
  longest();
  await open();
  await lenses.provideCodeLenses(document, { isCancellationRequested: false });
  const opening = longest();
  const answer = answered();
  const written = text;
  const keys = 'a title that is typed key by key';
  for (let count = 1; count <= keys.length; count++) {
    text = written.replace('"title": "', `"title": "${keys.slice(0, count)}`);
    document.version++;
    change();
    await lenses.provideCodeLenses(document, { isCancellationRequested: false });
    await pause(30);
  }
  await answer;
  await lenses.provideCodeLenses(document, { isCancellationRequested: false });
  const typing = longest();
  await run();
  return { opening, typing, running: longest() };
}

async function main() {
  process.stdout.write(JSON.stringify(await { starts, runs, blocks }[what]()));
  process.exit(0);
}

main();

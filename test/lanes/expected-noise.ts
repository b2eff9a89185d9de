/**
 * What the editor itself says on its console in a closed test machine. Everything else that is an error fails the run.
 */
export interface Noise {
  /** Matched against the message and the address of its script. */
  readonly pattern: RegExp;
  readonly because: string;
}

/** An error with these words that came about in the editor's own script alone: every line of its stack is there. */
function ofTheEditor(words: string): RegExp {
  return new RegExp(`^error: [^\\n]*\\b${words}[^\\n]*(?:\\n\\s+at [^\\n]*/out/vs/code/browser/workbench/workbench\\.js[^\\n]*)+$`);
}

export const EXPECTED_NOISE: readonly Noise[] = [
  { pattern: /favicon/i, because: 'the server ships no icon for the page' },
  {
    pattern: /\/src\/browser\/media\/templates\.png/,
    because: 'the welcome page of code-server has a picture that the bare server does not ship',
  },
  { pattern: /vsda/, because: 'the signing module belongs to the official build' },
  { pattern: /open-vsx\.org/, because: 'no extension gallery is reachable' },
  { pattern: /\/update\/check/, because: 'no update service is reachable' },
  { pattern: /authentication provider 'github'|github-authentication/, because: 'no sign-in is possible' },
  { pattern: /vscode-sqlite3\.node/, because: 'an optional native module of an agent feature that no test uses' },
  {
    pattern:
      /\/_static\/out\/browser\/serviceWorker\.js|^error: A bad HTTP response code \(404\) was received when fetching the script\. \(\)$/,
    because: 'the page of code-server looks for its own service worker, which the bare server does not ship',
  },
  {
    pattern: /^error: %c {2}ERR color: #f33 An unknown error occurred\. Please consult the log for more details\. \(/,
    because: 'a built-in extension rejects without a reason some seconds after the start, with no other extension present',
  },
  {
    pattern: /\[lifecycle\] Long running operations during shutdown/,
    because: 'a reloaded page cannot wait for what the editor would still do',
  },
  {
    pattern: /Aborted onWillSaveTextDocument-event after \d+ms/,
    because: 'a busy machine did not ask the extension host in time before a save; nothing of this extension takes part in saving',
  },
  { pattern: /IndexedDB database '[\w-]+' is closed/, because: 'the log of a reloaded page is written when its storage has gone' },
  {
    pattern: ofTheEditor('Throttler is disposed'),
    because: 'a part of the window that goes, as with a reload, is still asked to bring itself up to date',
  },
  {
    pattern: ofTheEditor('Unable to resolve nonexistent file'),
    because: 'the explorer of a busy machine looks into a folder that a test has made and deleted meanwhile',
  },
  { pattern: /package\.nls\.json/, because: 'on the web, extensions without translations are asked for them' },
  { pattern: /Error: \d+ of \d+ tests failed/, because: 'the lane counts failed tests itself' },
];

export function isExpected(message: string): boolean {
  return EXPECTED_NOISE.some(({ pattern }) => pattern.test(message));
}

/**
 * What the editor itself says on its console in a closed test machine. Everything else that is an error fails the run.
 */
export interface Noise {
  /** Matched against the message and the address of its script. */
  readonly pattern: RegExp;
  readonly because: string;
}

export const EXPECTED_NOISE: readonly Noise[] = [
  { pattern: /favicon/i, because: 'the server ships no icon for the page' },
  { pattern: /vsda/, because: 'the signing module belongs to the official build' },
  { pattern: /open-vsx|marketplace|extensions?gallery|vscode-unpkg/i, because: 'no extension gallery is reachable' },
  { pattern: /update(s)? (check|service)|api\/update/i, because: 'no update service is reachable' },
  { pattern: /github\.com|github-authentication|GitHub Authentication/i, because: 'no sign-in is possible' },
  { pattern: /vscode-sqlite3\.node/, because: 'an optional native module of an agent feature that no test uses' },
];

export function isExpected(message: string): boolean {
  return EXPECTED_NOISE.some(({ pattern }) => pattern.test(message));
}

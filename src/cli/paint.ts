import type { Output, Terminal } from './terminal';

/** Colours of one stream; they only repeat what is said in words and marks. */
export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  unsure(text: string): string;
}

/** Colours on a terminal that wants them (https://no-color.org), plain text elsewhere. */
export function paintFor(output: Output, env: Terminal['env']): Paint {
  const coloured = output.isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const between =
    (on: number, off: number) =>
    (text: string): string =>
      coloured && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { strong: between(1, 22), faint: between(2, 22), good: between(32, 39), bad: between(31, 39), unsure: between(33, 39) };
}

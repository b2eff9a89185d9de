/** Text for a terminal: what is safe to show, how wide it is, where it breaks. */

// Controls would move the cursor or change the terminal; bidirectional overrides would show something else than is written, a byte order mark nothing.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const UNPRINTABLE_BUT_BREAKS = new RegExp(`(?!\\n)${UNPRINTABLE.source}`, 'g');

/** One line that is safe to show, whatever a file holds: line breaks become spaces, other controls "\u{…}". */
export function printable(text: string): string {
  return text
    .replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ')
    .replace(/\t/g, ' ')
    .replace(UNPRINTABLE, escape);
}

/** The same for text that may keep its lines, such as a stack. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE_BUT_BREAKS, escape);
}

function escape(character: string): string {
  return `\\u{${character.charCodeAt(0).toString(16)}}`;
}

const SEGMENTS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const WIDE =
  /^[\p{Extended_Pictographic}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const NARROW_PICTOGRAPH = /^[\u0000-\u2bff]/; // eslint-disable-line no-control-regex
// eslint-disable-next-line no-control-regex
const COLOUR = /\u001b\[\d*m/g;

/** Columns that a text takes: marks none, East Asian characters and emoji two, colours none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of SEGMENTS.segment(text.replace(COLOUR, ''))) width += widthOf(segment);
  return width;
}

function widthOf(grapheme: string): number {
  return WIDE.test(grapheme) && !NARROW_PICTOGRAPH.test(grapheme) ? 2 : 1;
}

/** As much of a text without colours as fits, with "…" where it was cut. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 1;
  for (const { segment } of SEGMENTS.segment(text)) {
    width += widthOf(segment);
    if (width > columns) break;
    kept += segment;
  }
  return columns > 0 ? `${kept}…` : '';
}

/** Breaks at spaces into lines of at most so many columns; a word that is longer stays whole. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const wordWidth = displayWidth(word);
    if (line !== '' && width + 1 + wordWidth > columns) {
      lines.push(line);
      line = '';
      width = 0;
    }
    width += (line === '' ? 0 : 1) + wordWidth;
    line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Pieces of an SVG drawing as text. Everything that comes from outside goes through `words` or is a number. */

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A coordinate: hundredths of a pixel are enough on paper. */
export function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export interface TextLook {
  readonly size: number;
  readonly colour: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  /** Degrees, about the place of the text. */
  readonly turn?: number;
}

/** Text whose baseline's place is (x, y). */
export function words(text: string, x: number, y: number, { size, colour, anchor = 'start', bold = false, turn = 0 }: TextLook): string {
  const turned = turn === 0 ? '' : ` transform="rotate(${turn} ${at(x)} ${at(y)})"`;
  return `<text x="${at(x)}" y="${at(y)}" font-size="${size}" fill="${colour}" text-anchor="${anchor}"${bold ? ' font-weight="600"' : ''}${turned}>${escaped(text)}</text>`;
}

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

function strokeOf({ colour, width, dash = [] }: Stroke): string {
  return `stroke="${colour}" stroke-width="${at(width)}"${dash.length === 0 ? '' : ` stroke-dasharray="${dash.map(at).join(' ')}"`}`;
}

export function line(x0: number, y0: number, x1: number, y1: number, stroke: Stroke): string {
  return `<line x1="${at(x0)}" y1="${at(y0)}" x2="${at(x1)}" y2="${at(y1)}" ${strokeOf(stroke)}/>`;
}

/** A line through points, broken where a coordinate is no number. */
export function polyline(x: ArrayLike<number>, y: ArrayLike<number>, stroke: Stroke): string {
  let path = '';
  let pen = 'M';
  for (let index = 0; index < x.length; index += 1) {
    if (Number.isNaN(x[index]) || Number.isNaN(y[index])) {
      pen = 'M';
      continue;
    }
    path += `${pen}${at(x[index])} ${at(y[index])}`;
    pen = 'L';
  }
  return path === '' ? '' : `<path d="${path}" fill="none" stroke-linejoin="round" ${strokeOf(stroke)}/>`;
}

export function box(x: number, y: number, width: number, height: number, fill: string, stroke?: Stroke): string {
  return `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" fill="${fill}"${stroke === undefined ? '' : ` ${strokeOf(stroke)}`}/>`;
}

/** About how wide a text will be in a sans-serif font: fonts differ, so it is a bound rather than a mean. */
export function widthOf(text: string, size: number): number {
  return Array.from(text).length * size * 0.58;
}

/** Lines of at most `width` pixels, broken between words. */
export function wrapped(text: string, width: number, size: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && widthOf(longer, size) > width) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return current === '' ? lines : [...lines, current];
}

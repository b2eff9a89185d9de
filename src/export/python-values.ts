/** Python source for data: numbers with all their digits, text that cannot end its string. */

/** Longest line of numbers. */
const WIDTH = 110;

/** A float with all its digits; JavaScript's shortest form is read back to the same bits by Python. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : 'float("-inf")';
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** "[1, 2,\n 3]", filled into lines. @param indent of the lines after the first */
export function pythonList(values: ArrayLike<number>, indent = ' '): string {
  const lines: string[] = [];
  let line = '';
  for (let i = 0; i < values.length; i++) {
    const word = pythonNumber(values[i]) + (i < values.length - 1 ? ',' : '');
    if (line !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line += (line === '' ? '' : ' ') + word;
    }
  }
  lines.push(line);
  return `[${lines.join(`\n${indent}`)}]`;
}

/** A tensor of that shape, row-major. */
export function pythonTensor(values: ArrayLike<number>, ...shape: readonly number[]): string {
  const reshaped = shape.length > 1 ? `.reshape(${shape.join(', ')})` : '';
  // Numbers without a fraction are integers to Python.
  return `torch.tensor(\n    ${pythonList(values, '     ')}, dtype=torch.float64\n)${reshaped}`;
}

/** A string literal. */
export function pythonText(text: string): string {
  // JSON's escapes are Python's, except that of a lone surrogate, which Python refuses to print.
  return JSON.stringify(wellFormed(text));
}

/** Without lone surrogates, which no encoding of a file can hold. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

/** Text for a docstring or a comment: nothing in it ends either. */
export function pythonProse(text: string): string {
  return wellFormed(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('"""', "'''")
    .replaceAll(/(?![\n\t])\p{Control}/gu, ' ');
}

/** Words filled into lines of at most that many characters. */
export function filled(text: string, width = 100): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else {
      line += (line === '' ? '' : ' ') + word;
    }
  }
  lines.push(line);
  return lines.join('\n');
}

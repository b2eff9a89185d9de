/** Words and repairs for what is written in place of JSON. */

/** What is said of a text, and what would stand there instead. */
export interface Mistake {
  readonly message: string;
  readonly repair?: { readonly title: string; readonly text: string };
}

/** A mistake inside a string: `at` counts from its opening quote. */
export interface StringMistake extends Mistake {
  readonly at: number;
  readonly length: number;
}

/** What people write for a value or a key: `NaN`, `.5`, `007`, `None`, `'a b'`. */
const WORD = /'[^'\r\n]*'?|[\w$.+-]+/y;
/** A wrong escape (the backslash before it does not escape it), or a bare control character, in the groups. */
// eslint-disable-next-line no-control-regex
const MISTAKES = /(?<!\\)(?:\\\\)*(\\(?!["\\/bfnrt]|u[\da-fA-F]{4})(?:u[\da-fA-F]{0,3}|[^\r\n])?)|([\u0000-\u001f])/g;
/** Literals of other languages. */
const KNOWN: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null', undefined: 'null' };

/** Where the word at an offset ends; the offset itself where none stands. */
export function wordEnd(text: string, offset: number): number {
  WORD.lastIndex = offset;
  return WORD.test(text) ? WORD.lastIndex : offset;
}

export function wrongKey(written: string): Mistake {
  if (written.startsWith("'")) return { message: "Expected a key in double quotes, found single quotes (')." };
  if (!/^[\w$.+-]/.test(written)) return { message: `Expected a key in double quotes, found ${quote(written)}.` };
  const message = `Expected a key in double quotes, found ${shorten(written)}.`;
  return { message, repair: { title: 'Put the key in quotes', text: `"${written}"` } };
}

export function wrongValue(written: string): Mistake {
  const found = `found ${quote(written)}.`;
  if (written.startsWith("'")) return { message: "Expected a text in double quotes, found single quotes (')." };
  if (/^[-+]?(nan|inf(inity)?)$/i.test(written)) {
    return { message: `Expected a value, ${found} JSON has no NaN and no Infinity: expected a finite number.` };
  }
  const text = Object.hasOwn(KNOWN, written) ? KNOWN[written] : numberIn(written);
  const repair = text === null ? undefined : { title: `Replace with ${text}`, text };
  if (/^[-+.]?\d|^-/.test(written)) return { message: `Expected a number such as −1.5 or 2e-3, ${found}`, repair };
  return { message: `Expected a value, ${found}${/^\w/.test(written) ? ' Texts stand in double quotes.' : ''}`, repair };
}

/** `.5`, `+1`, `1.`, `007` as JSON wants them. */
function numberIn(written: string): string | null {
  const value = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(written) ? Number(written) : NaN;
  return Number.isFinite(value) ? JSON.stringify(value) : null;
}

/** What is wrong inside a string, which is given with its quotes. */
export function* stringMistakes(literal: string): Iterable<StringMistake> {
  for (const { 0: found, 1: escape, 2: control, index } of literal.matchAll(MISTAKES)) {
    const length = (escape ?? control).length;
    const at = index + found.length - length;
    if (escape !== undefined) {
      const message = escape.startsWith('\\u')
        ? 'Expected four hexadecimal digits after "\\u".'
        : 'Unknown escape: expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u.';
      yield { at, length, message };
    } else {
      const name = control.charCodeAt(0).toString(16).padStart(4, '0');
      const message = `A text may not hold the control character U+${name}: expected it escaped.`;
      yield { at, length, message, repair: { title: 'Escape the character', text: JSON.stringify(control).slice(1, -1) } };
    }
  }
}

/** A text in double quotes for a message: short, and without control characters. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

export function shorten(text: string, length = 40): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

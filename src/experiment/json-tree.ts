/**
 * A tolerant scanner of strict JSON that keeps where everything stands.
 * Lists of numbers keep no node an entry, so that a megabyte of data costs milliseconds; their entries are found again on request.
 * Broken text gives a tree of what can be understood, with the problems beside it. Never throws, recursion is bounded by `maxNesting`.
 */

export interface Span {
  readonly offset: number;
  readonly length: number;
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'literal';

export interface JsonProperty {
  readonly name: string;
  readonly key: Span;
  /** Null where the text breaks off before the value. */
  readonly value: JsonNode | null;
}

export interface JsonNode extends Span {
  readonly kind: JsonKind;
  /** Of an object, in the order of the text; a repeated name stands repeatedly. */
  readonly properties?: readonly JsonProperty[];
  /** Of a list whose entries are not all numbers. */
  readonly items?: readonly JsonNode[];
  /** Of a list: number of entries. */
  readonly count?: number;
}

export type JsonProblemCode =
  'json.syntax' | 'json.duplicate-key' | 'json.number-range' | 'json.too-deep' | 'json.too-many-values' | 'json.encoding';

export interface JsonProblem extends Span {
  readonly code: JsonProblemCode;
  readonly message: string;
  /** A text that repairs the span, where one is known. */
  readonly repair?: { readonly title: string; readonly span: Span; readonly text: string };
}

export interface JsonTree {
  readonly root: JsonNode | null;
  readonly problems: readonly JsonProblem[];
}

export interface ScanLimits {
  readonly nesting: number;
  /** Nodes kept; numbers inside lists of numbers do not count. */
  readonly nodes: number;
  /** Problems after which the scan ends. */
  readonly problems: number;
}

interface MutableNode {
  kind: JsonKind;
  offset: number;
  length: number;
  properties?: JsonProperty[];
  items?: JsonNode[];
  count?: number;
}

/** Ends a scan that has met a limit; what was read so far is kept. */
class ScanEnd extends Error {}

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const SLASH = 47;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const BYTE_ORDER_MARK = 0xfeff;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** Characters of a bare word such as `NaN`, `undefined`, `0x1F`, `.5`. */
function isWord(code: number): boolean {
  return (
    isDigit(code) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 36 ||
    code === 46 ||
    code === 43 ||
    code === MINUS
  );
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

class Scanner {
  readonly problems: JsonProblem[] = [];
  private position = 0;
  private nodes = 0;

  constructor(
    private readonly text: string,
    private readonly limits: ScanLimits,
  ) {
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) this.position = 1;
  }

  document(): JsonNode | null {
    let root: MutableNode | null = null;
    try {
      this.skip();
      if (this.position >= this.text.length) {
        this.syntax(0, 0, 'The file is empty: expected an experiment, an object in braces.');
        return null;
      }
      root = this.value(0, (node) => {
        root = node;
      });
      this.skip();
      if (this.position < this.text.length) {
        this.syntax(this.position, this.text.length - this.position, 'Unexpected text after the end of the experiment.');
      }
    } catch (error) {
      if (!(error instanceof ScanEnd)) throw error;
    }
    return root;
  }

  /** Offsets and lengths of the entries of a list of numbers, from its opening bracket. */
  entries(list: Span): Span[] {
    const spans: Span[] = [];
    const end = list.offset + list.length;
    this.position = list.offset + 1;
    for (;;) {
      while (this.position < end && !isWord(this.text.charCodeAt(this.position))) this.position++;
      if (this.position >= end) return spans;
      const from = this.position;
      while (this.position < end && isWord(this.text.charCodeAt(this.position))) this.position++;
      spans.push({ offset: from, length: this.position - from });
    }
  }

  private problem(problem: JsonProblem): void {
    this.problems.push(problem);
    // What comes after so many mistakes is no experiment.
    if (this.problems.length >= this.limits.problems) throw new ScanEnd();
  }

  private syntax(offset: number, length: number, message: string, repair?: JsonProblem['repair']): void {
    this.problem({ code: 'json.syntax', offset, length, message, ...(repair && { repair }) });
  }

  private node(kind: JsonKind, offset: number, length: number): MutableNode {
    if (++this.nodes > this.limits.nodes) {
      this.problem({
        code: 'json.too-many-values',
        offset,
        length,
        message: `The file has more than ${this.limits.nodes} values, not counting numbers in lists.`,
      });
      throw new ScanEnd();
    }
    return { kind, offset, length };
  }

  /** White space, and comments, which strict JSON does not have. */
  private skip(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.position);
      if (isSpace(code)) {
        this.position++;
      } else if (code === SLASH && (text[this.position + 1] === '/' || text[this.position + 1] === '*')) {
        const from = this.position;
        const block = text[from + 1] === '*';
        const end = block ? text.indexOf('*/', from + 2) : text.indexOf('\n', from + 2);
        this.position = end < 0 ? text.length : block ? end + 2 : end;
        const span = { offset: from, length: this.position - from };
        this.syntax(span.offset, span.length, 'JSON has no comments: expected nothing here. Texts for people go into "notes".', {
          title: 'Remove the comment',
          span,
          text: '',
        });
      } else {
        return;
      }
    }
  }

  /** `began` is told of an object or list as soon as it opens, so that a scan that ends early keeps it. */
  private value(depth: number, began: (node: MutableNode) => void): MutableNode | null {
    const code = this.text.charCodeAt(this.position);
    switch (code) {
      case OPEN_OBJECT:
      case OPEN_LIST:
        if (depth >= this.limits.nesting) {
          this.problem({
            code: 'json.too-deep',
            offset: this.position,
            length: 1,
            message: `Nested ${depth + 1} deep: expected at most ${this.limits.nesting} brackets within each other.`,
          });
          throw new ScanEnd();
        }
        return code === OPEN_OBJECT ? this.object(depth, began) : this.list(depth, began);
      case QUOTE: {
        const from = this.position;
        this.string();
        return this.node('string', from, this.position - from);
      }
      default: {
        const from = this.position;
        if (code === MINUS || isDigit(code)) {
          this.number();
          return this.node('number', from, this.position - from);
        }
        return this.word();
      }
    }
  }

  private object(depth: number, began: (node: MutableNode) => void): MutableNode {
    const { text } = this;
    const node = this.node('object', this.position, 0);
    const properties: JsonProperty[] = [];
    node.properties = properties;
    began(node);
    const names = new Set<string>();
    this.position++;
    let comma = -1;
    try {
      for (;;) {
        this.skip();
        const code = text.charCodeAt(this.position);
        if (code === CLOSE_OBJECT) {
          if (comma >= 0) this.trailingComma(comma);
          this.position++;
          return node;
        }
        if (this.position >= text.length) {
          this.syntax(node.offset, 1, 'This brace is never closed: expected "}" before the end of the file.');
          return node;
        }
        if (code === COMMA) {
          this.syntax(this.position, 1, 'Expected a key in double quotes, found a comma.');
          this.position++;
          continue;
        }
        if (code !== QUOTE) {
          if (code === CLOSE_LIST) {
            this.syntax(this.position, 1, 'Expected "}", found "]".');
            return node;
          }
          this.unquotedKey();
          if (text.charCodeAt(this.position) !== COLON) continue;
          this.position++;
          this.skip();
          if (!this.atEndOfValue()) this.value(depth + 1, () => undefined);
        } else {
          const from = this.position;
          this.string();
          const key = { offset: from, length: this.position - from };
          const name = decodeString(text.slice(from, this.position));
          if (names.has(name)) {
            this.problem({
              code: 'json.duplicate-key',
              ...key,
              message: `The key ${quote(name)} stands twice in this object: expected each key once.`,
            });
          }
          names.add(name);
          this.skip();
          const colon = text.charCodeAt(this.position) === COLON;
          if (colon) {
            this.position++;
            this.skip();
          } else {
            this.syntax(key.offset, key.length, `Expected a colon and a value after the key ${quote(name)}.`);
          }
          const place = properties.length;
          properties.push({ name, key, value: null });
          if (!this.atEndOfValue()) {
            const value = this.value(depth + 1, (begun) => {
              properties[place] = { name, key, value: begun };
            });
            properties[place] = { name, key, value };
          } else if (colon) {
            this.syntax(key.offset, key.length, `Expected a value after the key ${quote(name)}.`);
          }
        }
        comma = this.separator('}');
      }
    } finally {
      node.length = this.position - node.offset;
    }
  }

  private list(depth: number, began: (node: MutableNode) => void): MutableNode {
    const { text } = this;
    const node = this.node('array', this.position, 0);
    node.count = 0;
    began(node);
    this.position++;
    let comma = -1;
    let items: JsonNode[] | null = null;
    try {
      for (;;) {
        this.skip();
        const code = text.charCodeAt(this.position);
        if (code === CLOSE_LIST) {
          if (comma >= 0) this.trailingComma(comma);
          this.position++;
          return node;
        }
        if (this.position >= text.length) {
          this.syntax(node.offset, 1, 'This bracket is never closed: expected "]" before the end of the file.');
          return node;
        }
        if (code === COMMA) {
          this.syntax(this.position, 1, 'Expected a value, found a comma.');
          this.position++;
          continue;
        }
        if (code === CLOSE_OBJECT || code === COLON) {
          this.syntax(this.position, 1, `Expected a value or "]", found "${text[this.position]}".`);
          if (code === CLOSE_OBJECT) return node;
          this.position++;
          continue;
        }
        if (items === null && (code === MINUS || isDigit(code))) {
          this.number();
        } else {
          if (items === null) {
            node.length = this.position - node.offset;
            items =
              node.count === 0
                ? []
                : new Scanner(text, this.limits).entries(node).map((span) => this.node('number', span.offset, span.length));
            node.items = items;
          }
          const kept: JsonNode[] = items;
          const place = kept.length;
          const value = this.value(depth + 1, (begun) => {
            kept[place] = begun;
          });
          kept[place] = value ?? this.node('literal', this.position, 0);
        }
        node.count++;
        comma = this.separator(']');
      }
    } finally {
      node.length = this.position - node.offset;
    }
  }

  /** After a value: the offset of the comma, or -1 where the closing bracket (or a mistake) stands. */
  private separator(closing: string): number {
    const { text } = this;
    const after = this.position;
    this.skip();
    const code = text.charCodeAt(this.position);
    if (code === COMMA) return this.position++;
    if (this.position >= text.length || text[this.position] === closing || code === CLOSE_LIST || code === CLOSE_OBJECT) return -1;
    if (code === COLON) {
      this.syntax(this.position, 1, `Expected a comma or "${closing}", found ":".`);
      this.position++;
      return -1;
    }
    this.syntax(
      this.position,
      1,
      `Expected a comma or "${closing}", found ${quote(shorten(text.slice(this.position, this.position + 12)))}.`,
      {
        title: 'Insert a comma',
        span: { offset: after, length: 0 },
        text: ',',
      },
    );
    return -1;
  }

  private trailingComma(offset: number): void {
    const span = { offset, length: 1 };
    this.syntax(offset, 1, 'JSON has no comma after the last entry: expected the closing bracket.', {
      title: 'Remove the comma',
      span,
      text: '',
    });
  }

  private atEndOfValue(): boolean {
    const code = this.text.charCodeAt(this.position);
    return this.position >= this.text.length || code === COMMA || code === CLOSE_OBJECT || code === CLOSE_LIST;
  }

  private string(): void {
    const { text } = this;
    const from = this.position;
    let at = from + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.position = at + 1;
        return;
      }
      if (code === BACKSLASH) {
        at = this.escape(at);
      } else if (code < 32 || at >= text.length) {
        if (at >= text.length || code === 10 || code === 13) {
          this.position = at;
          this.syntax(from, at - from, 'This text is never closed: expected a double quote on the same line.');
          return;
        }
        this.syntax(at, 1, `A text may not hold the control character U+${code.toString(16).padStart(4, '0')}: expected it escaped.`, {
          title: 'Escape the character',
          span: { offset: at, length: 1 },
          text: JSON.stringify(String.fromCharCode(code)).slice(1, -1),
        });
        at++;
      } else {
        at++;
      }
    }
  }

  private escape(at: number): number {
    const { text } = this;
    const next = text[at + 1];
    if (next === 'u') {
      for (let k = 2; k < 6; k++) {
        if (!isHexDigit(text.charCodeAt(at + k))) {
          this.syntax(at, Math.min(k, text.length - at), 'Expected four hexadecimal digits after "\\u".');
          return Math.min(at + k, text.length);
        }
      }
      return at + 6;
    }
    if (next === undefined || !'"\\/bfnrt'.includes(next)) {
      this.syntax(at, Math.min(2, text.length - at), 'Unknown escape: expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u.');
      return next === undefined || next === '\n' || next === '\r' ? at + 1 : at + 2;
    }
    return at + 2;
  }

  private number(): void {
    const { text } = this;
    const from = this.position;
    let at = from;
    let correct = true;
    let exponent = false;
    if (text.charCodeAt(at) === MINUS) at++;
    const whole = at;
    while (isDigit(text.charCodeAt(at))) at++;
    if (at === whole || (at - whole > 1 && text[whole] === '0')) correct = false;
    if (text[at] === '.') {
      const fraction = ++at;
      while (isDigit(text.charCodeAt(at))) at++;
      if (at === fraction) correct = false;
    }
    if (text[at] === 'e' || text[at] === 'E') {
      exponent = true;
      at++;
      if (text[at] === '+' || text[at] === '-') at++;
      const power = at;
      while (isDigit(text.charCodeAt(at))) at++;
      if (at === power) correct = false;
    }
    if (isWord(text.charCodeAt(at))) {
      correct = false;
      while (isWord(text.charCodeAt(at))) at++;
    }
    this.position = at;
    const written = text.slice(from, at);
    if (!correct) {
      this.syntax(
        from,
        at - from,
        `Expected a number such as −1.5 or 2e-3, found ${quote(shorten(written))}.`,
        repairNumber(written, from),
      );
    } else if ((exponent || at - from > 300) && !Number.isFinite(Number(written))) {
      this.problem({
        code: 'json.number-range',
        offset: from,
        length: at - from,
        message: `The number ${shorten(written)} is too large: expected at most 1.797e308 in absolute value.`,
      });
    }
  }

  /** true, false, null, or something that is no JSON value. */
  private word(): MutableNode | null {
    const { text } = this;
    const from = this.position;
    const first = text.charCodeAt(from);
    if (first === 39) {
      this.syntax(from, this.quotedLine(39) - from, "Expected a text in double quotes, found single quotes (').");
      return this.node('literal', from, this.position - from);
    }
    while (isWord(text.charCodeAt(this.position))) this.position++;
    const written = text.slice(from, this.position);
    if (written === 'true' || written === 'false' || written === 'null') return this.node('literal', from, written.length);
    if (written === '') {
      // One step at least, so that every scan ends.
      this.position++;
      this.syntax(from, 1, `Expected a value, found ${quote(text.slice(from, from + 1))}.`);
      return null;
    }
    const known: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null', undefined: 'null' };
    const span = { offset: from, length: written.length };
    const replacement = Object.hasOwn(known, written)
      ? { title: `Replace with ${known[written]}`, span, text: known[written] }
      : repairNumber(written, from);
    const hint = /^[-+]?(nan|inf(inity)?)$/i.test(written)
      ? ' JSON has no NaN and no Infinity: expected a finite number.'
      : ' Texts stand in double quotes.';
    this.syntax(from, written.length, `Expected a value, found ${quote(shorten(written))}.${hint}`, replacement);
    return this.node('literal', from, written.length);
  }

  private unquotedKey(): void {
    const { text } = this;
    const from = this.position;
    const first = text.charCodeAt(from);
    if (first === 39) {
      const end = this.quotedLine(39);
      this.syntax(from, end - from, "Expected a key in double quotes, found single quotes (').");
    } else if (isWord(first)) {
      while (isWord(text.charCodeAt(this.position))) this.position++;
      const written = text.slice(from, this.position);
      const span = { offset: from, length: written.length };
      this.syntax(from, written.length, `Expected a key in double quotes, found ${shorten(written)}.`, {
        title: 'Put the key in quotes',
        span,
        text: `"${written}"`,
      });
    } else {
      this.position++;
      this.syntax(from, 1, `Expected a key in double quotes, found ${quote(text.slice(from, from + 1))}.`);
    }
    this.skip();
  }

  /** Moves past a text in other quotes, at most to the end of the line; returns where it ends. */
  private quotedLine(mark: number): number {
    this.position++;
    for (; this.position < this.text.length; this.position++) {
      const code = this.text.charCodeAt(this.position);
      if (code === 10 || code === 13) break;
      if (code === mark) return ++this.position;
    }
    return this.position;
  }
}

/** `.5`, `+1`, `1.`, `007` as JSON wants them. */
function repairNumber(written: string, offset: number): JsonProblem['repair'] {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(written)) return undefined;
  const text = JSON.stringify(Number(written));
  return text === 'null' ? undefined : { title: `Replace with ${text}`, span: { offset, length: written.length }, text };
}

/** The text that a string literal stands for; as far as it is correct. */
function decodeString(literal: string): string {
  if (!literal.includes('\\')) return literal.endsWith('"') && literal.length > 1 ? literal.slice(1, -1) : literal.slice(1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal.slice(1, -1);
  }
}

/** A text in double quotes for a message: short, and without control characters. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

export function shorten(text: string, length = 40): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

export function scanJson(text: string, limits: ScanLimits): JsonTree {
  // Two-byte text that was read as one-byte text has a NUL beside every letter.
  if (text.charCodeAt(0) === 0 || text.charCodeAt(1) === 0 || (text.charCodeAt(0) === 0xfffd && text.charCodeAt(3) === 0)) {
    const problem = {
      code: 'json.encoding',
      offset: 0,
      length: Math.min(2, text.length),
      message: 'The file is not UTF-8 text (it looks like UTF-16): expected UTF-8.',
    } as const;
    return { root: null, problems: [problem] };
  }
  const scanner = new Scanner(text, limits);
  const root = scanner.document();
  return { root, problems: scanner.problems };
}

/** Spans of the entries of a list, whether or not it keeps nodes. */
export function entrySpans(text: string, list: JsonNode): readonly Span[] {
  return list.items ?? new Scanner(text, { nesting: 0, nodes: 0, problems: 0 }).entries(list);
}

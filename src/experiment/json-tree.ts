/**
 * The tree of a JSON text, with the place of everything: tokens by `jsonc-parser`, held to strict JSON.
 * Lists of numbers keep no node an entry, so that a megabyte of data costs milliseconds; their entries are found again on request.
 * Broken text gives a tree of what can be understood, with the problems beside it. Never throws; recursion ends at `nesting`.
 * (The package's own parsers recurse without end, and lose every key that follows a bracket of the wrong kind.)
 */
import { createScanner, type ScanError, type SyntaxKind } from 'jsonc-parser';
import { quote, shorten, stringMistakes, wordEnd, wrongKey, wrongValue, type Mistake } from './json-mistakes';

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
  'json.empty' | 'json.syntax' | 'json.duplicate-key' | 'json.number-range' | 'json.too-deep' | 'json.too-many-values' | 'json.encoding';

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

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type MutableNode = Mutable<JsonNode> & { items?: JsonNode[]; properties?: JsonProperty[] };

/** Ends a scan that has met a limit; what was read so far is kept. */
class ScanEnd extends Error {}

/** The package's enumerations exist for the compiler only. */
const NUMBER: SyntaxKind.NumericLiteral = 11;
const TRUE: SyntaxKind.TrueKeyword = 8;
const FALSE: SyntaxKind.FalseKeyword = 9;
const NULL: SyntaxKind.NullKeyword = 7;
const LINE_COMMENT: SyntaxKind.LineCommentTrivia = 12;
const BLOCK_COMMENT: SyntaxKind.BlockCommentTrivia = 13;
const NONE: ScanError.None = 0;
const OPEN_STRING: ScanError.UnexpectedEndOfString = 2;

const SPACE = /[ \t\r\n]+/y;

class TreeBuilder {
  readonly problems: JsonProblem[] = [];
  private readonly scanner;
  private nodes = 0;
  /** The token: its kind, its first character ("" at the end of the file), where it begins and ends, where the one before it ended. */
  private kind: SyntaxKind = NULL;
  private first = '';
  private offset = 0;
  private end = 0;
  private passed = 0;

  constructor(
    private readonly text: string,
    private readonly limits: ScanLimits,
  ) {
    this.scanner = createScanner(text);
    if (text.charCodeAt(0) === 0xfeff) this.scanner.setPosition(1);
  }

  document(): JsonNode | null {
    let root: JsonNode | null = null;
    try {
      this.next();
      if (this.first === '') this.problem('json.empty', 0, 0, 'The file is empty: expected an experiment, an object in braces.');
      else this.value(0, (node) => (root = node));
      if (this.first !== '') this.mistake(this.offset, this.text.length, 'Unexpected text after the end of the experiment.');
    } catch (error) {
      if (!(error instanceof ScanEnd)) throw error;
    }
    return root;
  }

  /** Reads a token. Comments, which strict JSON does not have, are problems. */
  private next(): void {
    const { scanner, text } = this;
    this.passed = this.end;
    for (;;) {
      // White space is skipped here: the scanner would collect a long line of it character by character.
      SPACE.lastIndex = scanner.getPosition();
      if (text.charCodeAt(SPACE.lastIndex) <= 32 && SPACE.test(text)) scanner.setPosition(SPACE.lastIndex);
      this.kind = scanner.scan();
      this.offset = scanner.getTokenOffset();
      this.first = text.charAt(this.offset);
      // Of an open comment the scanner says that it ends behind the text.
      this.end = Math.min(scanner.getPosition(), text.length);
      if (this.kind !== LINE_COMMENT && this.kind !== BLOCK_COMMENT) return;
      const message = 'JSON has no comments: expected nothing here. Texts for people go into "notes".';
      this.mistake(this.offset, this.end, message, { title: 'Remove the comment', text: '' });
    }
  }

  private problem(code: JsonProblemCode, offset: number, end: number, message: string, repair?: JsonProblem['repair']): void {
    this.problems.push({ code, offset, length: end - offset, message, ...(repair && { repair }) });
    // What comes after so many mistakes is no experiment.
    if (this.problems.length >= this.limits.problems) throw new ScanEnd();
  }

  private mistake(offset: number, end: number, message: string, repair?: Mistake['repair']): void {
    this.problem('json.syntax', offset, end, message, repair && { ...repair, span: { offset, length: end - offset } });
  }

  private node(kind: JsonKind, offset: number, end: number): MutableNode {
    if (++this.nodes > this.limits.nodes) {
      const message = `The file has more than ${this.limits.nodes} values, not counting numbers in lists.`;
      this.problem('json.too-many-values', offset, end, message);
      throw new ScanEnd();
    }
    return { kind, offset, length: end - offset };
  }

  /** Reads a value, whatever stands there. An object or list is kept as it opens, so that a scan that ends early has it. */
  private value(depth: number, keep: (node: JsonNode) => void): void {
    const { kind, offset, end } = this;
    if (this.first === '{' || this.first === '[') {
      if (depth >= this.limits.nesting) {
        const message = `Nested ${depth + 1} deep: expected at most ${this.limits.nesting} brackets within each other.`;
        this.problem('json.too-deep', offset, offset + 1, message);
        throw new ScanEnd();
      }
      const node = this.node(this.first === '{' ? 'object' : 'array', offset, end);
      keep(node);
      try {
        this.container(node, node.kind === 'object' ? this.properties(node, depth + 1) : this.items(node, depth + 1));
      } finally {
        node.length = this.passed - offset;
      }
    } else if (this.first === '"') {
      this.string();
      keep(this.node('string', offset, end));
    } else if (kind === NUMBER) {
      this.number();
      keep(this.node('number', offset, this.passed));
    } else {
      if (kind === TRUE || kind === FALSE || kind === NULL) this.next();
      else this.wrong(wrongValue);
      keep(this.node('literal', offset, this.passed));
    }
  }

  /** `entry` reads an entry, and says whether it was read as one, so that a comma or the closing bracket should follow. */
  private container(node: JsonNode, entry: () => boolean): void {
    const [name, closing, other, expected] =
      node.kind === 'object' ? ['brace', '}', ']', 'a key in double quotes'] : ['bracket', ']', '}', 'a value'];
    let comma = -1;
    this.next();
    for (;;) {
      while (this.first === ',') {
        this.mistake(this.offset, this.end, `Expected ${expected}, found a comma.`);
        this.next();
      }
      if (this.first === other) return this.mistake(this.offset, this.end, `Expected "${closing}", found "${other}".`);
      if (this.first === '' || this.first === closing) break;
      comma = entry() ? this.separator(closing) : -1;
    }
    if (this.first === '') {
      const message = `This ${name} is never closed: expected "${closing}" before the end of the file.`;
      this.mistake(node.offset, node.offset + 1, message);
    } else if (comma >= 0) {
      const message = 'JSON has no comma after the last entry: expected the closing bracket.';
      this.mistake(comma, comma + 1, message, { title: 'Remove the comma', text: '' });
    }
    this.next();
  }

  private properties(node: MutableNode, depth: number): () => boolean {
    const properties: Mutable<JsonProperty>[] = [];
    const names = new Set<string>();
    node.properties = properties;
    return () => {
      const { offset, end } = this;
      if (this.first !== '"') {
        this.wrong(wrongKey);
        if (!this.colon()) return this.atEndOfValue();
        // The value that belongs to it is read and dropped.
        if (!this.atEndOfValue()) this.value(depth, () => undefined);
        return true;
      }
      const name = this.string();
      const property: Mutable<JsonProperty> = { name, key: { offset, length: end - offset }, value: null };
      properties.push(property);
      if (names.has(name)) {
        this.problem('json.duplicate-key', offset, end, `The key ${quote(name)} stands twice in this object: expected each key once.`);
      }
      names.add(name);
      const colon = this.colon();
      if (!colon) this.mistake(offset, end, `Expected a colon and a value after the key ${quote(name)}.`);
      if (!this.atEndOfValue()) this.value(depth, (value) => (property.value = value));
      else if (colon) this.mistake(offset, end, `Expected a value after the key ${quote(name)}.`);
      return true;
    };
  }

  private items(node: MutableNode, depth: number): () => boolean {
    let count = 0;
    node.count = count;
    return () => {
      node.count = ++count;
      if (this.kind === NUMBER && !node.items) {
        this.number();
      } else {
        node.items ??= this.numbersBefore(node);
        const { items } = node;
        const place = items.length;
        this.value(depth, (value) => (items[place] = value));
      }
      return true;
    };
  }

  /** Nodes of the entries of a list that turns out to hold more than numbers. */
  private numbersBefore({ kind, offset }: JsonNode): JsonNode[] {
    const nodes: JsonNode[] = [];
    for (const span of numbersOf(this.text, { kind, offset, length: this.offset - offset })) {
      nodes.push(this.node('number', span.offset, span.offset + span.length));
    }
    return nodes;
  }

  /** After a value: the offset of the comma, or -1 where the closing bracket (or a mistake) stands. */
  private separator(closing: string): number {
    const { offset, passed, text } = this;
    if (this.first === ',') {
      this.next();
      return offset;
    }
    if (this.atEndOfValue()) return -1;
    const message = `Expected a comma or "${closing}", found ${quote(text.slice(offset, offset + 12))}.`;
    const repair = { title: 'Insert a comma', span: { offset: passed, length: 0 }, text: ',' };
    this.problem('json.syntax', offset, offset + 1, message, this.first === ':' ? undefined : repair);
    if (this.first === ':') this.next();
    return -1;
  }

  private colon(): boolean {
    const found = this.first === ':';
    if (found) this.next();
    return found;
  }

  private atEndOfValue(): boolean {
    return this.first === '' || ',}]'.includes(this.first);
  }

  /** The text that a string stands for, as far as it is correct. */
  private string(): string {
    const { offset, end, text } = this;
    const value = this.scanner.getTokenValue();
    const error = this.scanner.getTokenError();
    if (error !== NONE) {
      for (const { at, length, message, repair } of stringMistakes(text.slice(offset, end))) {
        this.mistake(offset + at, offset + at + length, message, repair);
      }
    }
    if (error === OPEN_STRING) this.mistake(offset, end, 'This text is never closed: expected a double quote on the same line.');
    this.next();
    return value;
  }

  private number(): void {
    const { offset, end, scanner } = this;
    const written = scanner.getTokenValue();
    const correct = scanner.getTokenError() === NONE && (this.text[end] === ',' || wordEnd(this.text, offset) <= end);
    if (!correct) return this.wrong(wrongValue);
    // Shorter ones cannot overflow.
    if (written.length >= 5 && !Number.isFinite(Number(written))) {
      const message = `The number ${shorten(written)} is too large: expected at most 1.797e308 in absolute value.`;
      this.problem('json.number-range', offset, end, message);
    }
    this.next();
  }

  /** Reads what should not stand here: a whole word, of which the scanner may have seen a part, or a token, so that every scan ends. */
  private wrong(says: (written: string) => Mistake): void {
    const { offset, text } = this;
    const word = wordEnd(text, offset);
    if (word > offset) this.scanner.setPosition((this.end = word));
    const { message, repair } = says(text.slice(offset, this.end));
    this.mistake(offset, this.end, message, repair);
    this.next();
  }
}

export function scanJson(text: string, limits: ScanLimits): JsonTree {
  // Two-byte text that was read as one-byte text has a NUL beside every letter.
  if (text.charCodeAt(0) === 0 || text.charCodeAt(1) === 0 || (text.charCodeAt(0) === 0xfffd && text.charCodeAt(3) === 0)) {
    const message = 'The file is not UTF-8 text (it looks like UTF-16): expected UTF-8.';
    return { root: null, problems: [{ code: 'json.encoding', offset: 0, length: Math.min(2, text.length), message }] };
  }
  const builder = new TreeBuilder(text, limits);
  const root = builder.document();
  return { root, problems: builder.problems };
}

/** Spans of the entries of a list, whether or not it keeps nodes. */
export function entrySpans(text: string, list: JsonNode): readonly Span[] {
  return list.items ?? Array.from(numbersOf(text, list));
}

function* numbersOf(text: string, list: JsonNode): Iterable<Span> {
  const written = text.slice(list.offset, list.offset + list.length);
  for (const { 0: number, index } of written.matchAll(/[\w.+-]+/g)) yield { offset: list.offset + index, length: number.length };
}

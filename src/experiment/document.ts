/** An experiment's text with the place of everything in it: JSON Pointer to range, range to line and column, offset to what stands there. */
import { LIMITS } from '../protocol/limits';
import type { Diagnostic, Fix, Severity, TextChange } from '../protocol/compute';
import { shorten } from './json-mistakes';
import { entrySpans, scanJson, type JsonNode, type JsonProblem, type Span } from './json-tree';

export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

/** Where a pointer's key and value stand. */
export interface Place {
  readonly pointer: string;
  /** Null for the root and for entries of lists. */
  readonly key: Span | null;
  /** Of zero length after the key where the value is missing. */
  readonly value: Span;
}

/** What stands at an offset. */
export interface Spot {
  readonly pointer: string;
  readonly part: 'key' | 'value';
  readonly span: Span;
}

/** What a check says of a place. */
export interface Finding {
  readonly code: string;
  readonly severity?: Severity;
  readonly message: string;
  readonly pointer: string;
  /** Which part of the place is meant; "key" of something without a key means its value. */
  readonly part?: 'key' | 'value';
  readonly fixes?: readonly Fix[];
}

/** The pointer of a path: segments escaped as in RFC 6901. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function pathOf(pointer: string): readonly string[] {
  return pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** "batchSize" of "/optimizer/batchSize"; "entry 3 of x" of "/data/x/3"; "the experiment" of "". */
export function nameOf(path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  if (last === undefined) return 'the experiment';
  if (typeof last !== 'number') return JSON.stringify(shorten(String(last)));
  const owner = path.slice(0, -1);
  if (typeof owner.at(-1) === 'number') return `entry ${last} of row ${String(owner.at(-1))} of ${nameOf(owner.slice(0, -1))}`;
  return `entry ${last} of ${nameOf(owner)}`;
}

/** A replacement as a quick fix. */
export function fix(title: string, changes: readonly TextChange[], preferred = true): Fix {
  return { title, changes, preferred };
}

interface Step {
  readonly node: JsonNode | null;
  readonly key: Span | null;
  readonly value: Span;
}

/** Of a broken text it holds what can be understood, so that an editor keeps the places of the keys that are there. */
export class FileDocument {
  readonly root: JsonNode | null;
  /** Problems of syntax, in the order in which they were met. */
  readonly problems: readonly JsonProblem[];
  private lineStarts: Int32Array | null = null;

  constructor(readonly text: string) {
    const tree =
      text.length > LIMITS.textLength
        ? { root: null, problems: [] }
        : scanJson(text, { nesting: LIMITS.nesting, nodes: LIMITS.values, problems: LIMITS.diagnostics });
    this.root = tree.root;
    this.problems = tree.problems;
  }

  /** The place of a pointer, null where the text has no such thing. Of a repeated key the last counts, as in JSON.parse. */
  find(pointer: string): Place | null {
    if (this.root === null) return null;
    let step: Step = { node: this.root, key: null, value: this.root };
    for (const segment of pathOf(pointer)) {
      const next: Step | null = step.node === null ? null : this.child(step.node, segment);
      if (next === null) return null;
      step = next;
    }
    return { pointer, key: step.key, value: step.value };
  }

  /** Spans of the entries of the list at a pointer; empty where there is no list. */
  entries(pointer: string): readonly Span[] {
    const node = this.nodeAt(pointer);
    return node?.kind === 'array' ? entrySpans(this.text, node) : [];
  }

  /** The innermost key or value at an offset (its end included), null in white space outside the root. */
  spotAt(offset: number): Spot | null {
    if (this.root === null || !covers(this.root, offset)) return null;
    let node = this.root;
    let path: readonly PropertyKey[] = [];
    descend: for (;;) {
      for (const property of node.properties ?? []) {
        const inside = [...path, property.name];
        if (covers(property.key, offset)) return { pointer: pointerOf(inside), part: 'key', span: property.key };
        if (property.value !== null && covers(property.value, offset)) {
          node = property.value;
          path = inside;
          continue descend;
        }
      }
      if (node.kind === 'array') {
        const spans = entrySpans(this.text, node);
        const index = spans.findIndex((span) => covers(span, offset));
        if (index >= 0) {
          path = [...path, index];
          const item: JsonNode | undefined = node.items?.[index];
          if (item === undefined) return { pointer: pointerOf(path), part: 'value', span: spans[index] };
          node = item;
          continue descend;
        }
      }
      return { pointer: pointerOf(path), part: 'value', span: { offset: node.offset, length: node.length } };
    }
  }

  /** Line and column of an offset. Lines end with LF, CRLF or CR. */
  position(offset: number): Position {
    if (offset === 0) return { line: 1, column: 1 };
    const starts = (this.lineStarts ??= findLineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low] + 1 };
  }

  /** A finding with its range. What has no place of its own is shown at the nearest thing around it. */
  diagnose(finding: Finding): Diagnostic {
    return this.diagnoseSpan(finding, this.spanOf(finding.pointer, finding.part ?? 'value'));
  }

  diagnoseSpan(finding: Finding, span: Span): Diagnostic {
    const offset = Math.max(0, Math.min(span.offset, this.text.length));
    const length = Math.max(0, Math.min(span.length, this.text.length - offset));
    const { code, message, pointer } = finding;
    return {
      code,
      severity: finding.severity ?? 'error',
      message,
      pointer,
      offset,
      length,
      ...this.position(offset),
      fixes: finding.fixes ?? [],
    };
  }

  /** Change that replaces a value; null where there is none. */
  replacement(pointer: string, text: string): TextChange | null {
    const value = this.find(pointer)?.value;
    return value ? { offset: value.offset, length: value.length, text } : null;
  }

  /** Change that removes a property with the comma that belongs to it; null for what is no property. */
  removal(pointer: string): TextChange | null {
    const place = this.find(pointer);
    if (place === null || place.key === null) return null;
    const { text } = this;
    let from = place.key.offset;
    let to = place.value.offset + place.value.length;
    let after = to;
    while (/\s/.test(text[after] ?? '')) after++;
    let before = from - 1;
    while (before >= 0 && /\s/.test(text[before])) before--;
    if (text[before] === ',') {
      from = before;
    } else if (text[after] === ',') {
      to = after + 1;
      while (/\s/.test(text[to] ?? '')) to++;
    }
    return { offset: from, length: to - from, text: '' };
  }

  /** Change that adds a property at the end of an object, in the file's own manner; null where there is no object. */
  addition(pointer: string, name: string, valueText: string): TextChange | null {
    const node = this.nodeAt(pointer);
    if (node?.kind !== 'object') return null;
    const { text } = this;
    const properties = node.properties ?? [];
    const written = `${JSON.stringify(name)}: ${valueText}`;
    const last = properties.at(-1);
    if (last === undefined) return { offset: node.offset + 1, length: 0, text: ` ${written} ` };
    const first = properties[0].key.offset;
    const lineStart = Math.max(text.lastIndexOf('\n', first), text.lastIndexOf('\r', first)) + 1;
    const indent = text.slice(lineStart, first);
    const newline = text.includes('\r\n') ? '\r\n' : '\n';
    const gap = lineStart > node.offset && indent.trim() === '' ? `${newline}${indent}` : ' ';
    const end = last.value ?? last.key;
    return { offset: end.offset + end.length, length: 0, text: `,${gap}${written}` };
  }

  private nodeAt(pointer: string): JsonNode | null {
    let node = this.root;
    for (const segment of pathOf(pointer)) node = node === null ? null : (this.child(node, segment)?.node ?? null);
    return node;
  }

  private child(node: JsonNode, segment: string): Step | null {
    if (node.properties) {
      const property = node.properties.findLast(({ name }) => name === segment);
      if (property === undefined) return null;
      const { key } = property;
      return { node: property.value, key, value: property.value ?? { offset: key.offset + key.length, length: 0 } };
    }
    if (node.kind !== 'array' || !/^\d+$/.test(segment)) return null;
    const index = Number(segment);
    const item = node.items?.[index];
    if (item) return { node: item, key: null, value: item };
    if (node.items || index >= (node.count ?? 0)) return null;
    const span = entrySpans(this.text, node)[index];
    return span ? { node: null, key: null, value: span } : null;
  }

  private spanOf(pointer: string, part: 'key' | 'value'): Span {
    const place = this.find(pointer);
    if (place !== null && pointer !== '') return part === 'key' ? (place.key ?? place.value) : place.value;
    if (place === null && pointer !== '') return this.spanOf(pointer.slice(0, pointer.lastIndexOf('/')), 'key');
    // The whole file is shown at its opening brace: a squiggle under everything hides the rest.
    return { offset: this.root?.offset ?? 0, length: Math.min(1, this.text.length) };
  }
}

function covers(span: Span, offset: number): boolean {
  return offset >= span.offset && offset <= span.offset + span.length;
}

function findLineStarts(text: string): Int32Array {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return Int32Array.from(starts);
}

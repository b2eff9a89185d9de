/** From text to a value of JSON: limits first, then syntax. Never throws; what is wrong comes as diagnostics with their places. */
import { countInWords } from '../numerics/in-words';
import { LIMITS } from '../protocol/limits';
import type { Diagnostic } from '../protocol/compute';
import { FileDocument, fix, nameOf, pointerOf } from './document';

export interface FileValue {
  /** Usable on broken text too. */
  readonly document: FileDocument;
  /** Undefined where there is a diagnostic. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

export function readValue(text: string): FileValue {
  const document = new FileDocument(text);
  const refused = (diagnostics: readonly Diagnostic[]): FileValue => ({ document, value: undefined, diagnostics });
  const tooLarge = sizeDiagnostics(document);
  if (tooLarge.length > 0) return refused(tooLarge);
  const syntax = syntaxDiagnostics(document);
  if (syntax.length > 0) return refused(inOrder(syntax));

  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    // The scanner is as strict as JSON.parse; should they ever differ, the file is refused rather than guessed at.
    const message = `Not JSON: ${error instanceof Error ? error.message : 'unknown reason'}.`;
    return refused([document.diagnose({ code: 'json.syntax', message, pointer: '' })]);
  }
  const crowded = crowdDiagnostics(document, value);
  return crowded.length > 0 ? refused(inOrder(crowded)) : { document, value, diagnostics: [] };
}

/** In the order of the text, at most `LIMITS.diagnostics`. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.offset - b.offset).slice(0, LIMITS.diagnostics);
}

function sizeDiagnostics(document: FileDocument): readonly Diagnostic[] {
  const { length } = document.text;
  if (length <= LIMITS.textLength) return [];
  const message = `The file has ${countInWords(length)} characters: expected at most ${countInWords(LIMITS.textLength)}. Larger data belongs into a csv file.`;
  return [document.diagnose({ code: 'json.too-large', message, pointer: '' })];
}

function syntaxDiagnostics(document: FileDocument): Diagnostic[] {
  return document.problems.map(({ code, message, repair, ...span }) =>
    document.diagnoseSpan(
      {
        code,
        message,
        pointer: document.spotAt(span.offset)?.pointer ?? '',
        fixes: repair ? [fix(repair.title, [{ ...repair.span, text: repair.text }])] : [],
      },
      span,
    ),
  );
}

/** Places whose lists of numbers the schema checks without an answer for each entry. */
const NUMBER_PLACES = new Set(['/data/x', '/data/y', '/data/test/x', '/data/test/y', '/init/parameters']);

/** Lists and objects so long that the schema's answer about each entry would fill the memory. */
function crowdDiagnostics(document: FileDocument, root: unknown): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (value: unknown, path: readonly PropertyKey[]): void => {
    if (value === null || typeof value !== 'object' || NUMBER_PLACES.has(pointerOf(path))) return;
    const keys = Array.isArray(value) ? null : Object.keys(value);
    const count = keys?.length ?? (value as readonly unknown[]).length;
    if (count > LIMITS.entries) {
      const message = `${nameOf(path)}: expected at most ${countInWords(LIMITS.entries)} entries, found ${countInWords(count)}.`;
      found.push(document.diagnose({ code: 'json.too-large', message, pointer: pointerOf(path) }));
      return;
    }
    for (const [key, entry] of Object.entries(value)) if (typeof entry === 'object') visit(entry, [...path, key]);
  };
  visit(root, []);
  return found;
}

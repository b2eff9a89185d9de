/**
 * Findings that the editor's own JSON validation, with our schema, reports in its words: they are not shown a second time
 * (their quick fixes are still offered). Not among them:
 * - "shape.unknown-key": the shipped schema leaves unknown keys to us, because we name the nearest known one;
 * - "json.duplicate-key": a mere warning to the editor, an error here;
 * - sizes, nesting, encodings and numbers beyond 1.8e308, of which the editor says nothing.
 */
const SHOWN_BY_EDITOR: ReadonlySet<string> = new Set([
  'json.syntax',
  'shape.missing',
  'shape.type',
  'shape.range',
  'shape.format',
  'shape.unknown-kind',
  'shape.unknown-value',
]);

/** @param language id of the document's language: as JSON with comments the editor accepts what an experiment may not hold. */
export function alreadyShownByEditor(code: string, language: string): boolean {
  const validated = language === 'json' || (language === 'jsonc' && code !== 'json.syntax');
  return validated && SHOWN_BY_EDITOR.has(code);
}

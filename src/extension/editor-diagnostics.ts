/**
 * Whether the editor's own JSON support reports a finding, in its words: it is not shown a second time (its quick fixes are still
 * offered). That is the case of broken JSON alone: the schema that ships judges nothing.
 * @param language id of the document's language: as JSON with comments the editor accepts what an experiment may not hold.
 */
export function alreadyShownByEditor(code: string, language: string): boolean {
  return language === 'json' && code === 'json.syntax';
}

/** The notes on the results, `docs/theory.md`, section by section. Knows no editor. */

/**
 * The section about a result, from its heading to the next one; null where the notes have none. Every section names the source files of
 * its results. Links into the repository become their text: only the section is shown.
 */
export function notesOn(notes: string, result: string): string | null {
  const source = new RegExp(`[/\`]${result}\\.ts\``, 'u');
  const section = notes.split(/^(?=## )/mu).find((text) => text.startsWith('## ') && source.test(text));
  return section?.replace(/\[([^\]]*)\]\((?!https:)[^)]*\)/gu, '$1') ?? null;
}

/** The notes on the results, `docs/theory.md`: which section is about which, and how they read away from the repository. Knows no editor. */

/**
 * Where the section about a result begins, as the anchor of its heading; null where the notes have none.
 * Every section names the source files of its results.
 */
export function notesAnchor(notes: string, result: string): string | null {
  const named = notes.search(new RegExp(`[/\`]${result}\\.ts\``, 'u'));
  if (named < 0) return null;
  const heading = /^## (.+)$/gmu;
  let title: string | null = null;
  for (let found = heading.exec(notes); found !== null && found.index < named; found = heading.exec(notes)) title = found[1];
  return title === null ? null : anchorOf(title);
}

/** As GitHub and the editor make them: letters, digits, - and _ stay, blanks become -. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
    .replace(/\s/gu, '-');
}

/** Links to what is not shipped become their text. */
export function notesAlone(notes: string): string {
  return notes.replace(/\[([^\]]*)\]\((?!https:|#)[^)]*\)/gu, '$1');
}

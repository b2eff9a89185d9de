/** Finding by words, in any order and however they are written: "margin l1 gunasekar" means "Gunasekar … ℓ1-margin". */

/** Whether every word that is wanted begins a word of the texts. Accents, case, hyphens and letter-like signs do not count. */
export function hasWords(texts: readonly string[], wanted: string): boolean {
  const text = texts.map(folded).join('');
  return folded(wanted)
    .split(' ')
    .every((word) => text.includes(` ${word}`));
}

/** Every word with one space before it. */
function folded(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return ` ${plain}`;
}

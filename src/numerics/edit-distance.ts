/** Edit distance of names, for "did you mean". */

/** Insertions, deletions, replacements and exchanges of two neighbours, each counting once (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let previous: number[] = [];
  let current = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(current[j] + 1, next[j - 1] + 1, current[j - 1] + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, previous[j - 2] + 1);
      next.push(best);
    }
    previous = current;
    current = next;
  }
  return current[b.length];
}

/** Letter case and separators do not tell names apart. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s.]/g, '');
}

/** The candidate nearest to `name`, null where more than a third of its letters (one at least) would differ. */
export function nearestByEdits(name: string, candidates: readonly string[]): string | null {
  if (name.length === 0 || name.length > 64) return null;
  const wanted = plainName(name);
  let best: string | null = null;
  // Another letter is not a misspelling of a one-letter name.
  let least = Math.min(Math.max(1, Math.floor(wanted.length / 3)) + 1, wanted.length);
  for (const candidate of candidates) {
    if (candidate.length > 96) continue;
    const distance = editDistance(wanted, plainName(candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

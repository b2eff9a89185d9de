/** The known name that a misspelled one most likely means. */

/** What other tools and papers call things. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  lr: ['stepSize'],
  learningrate: ['stepSize'],
  eta: ['stepSize'],
  step: ['stepSize'],
  batch: ['batchSize'],
  alpha: ['scale'],
  std: ['scale'],
  sigma: ['scale'],
  layers: ['depth'],
  n: ['samples'],
  d: ['features'],
  dimension: ['features'],
  dim: ['features'],
  dataset: ['data'],
  network: ['model'],
  initialization: ['init'],
  initialisation: ['init'],
  optimiser: ['optimizer'],
  algorithm: ['optimizer'],
  epochs: ['steps'],
  iterations: ['steps'],
  maxsteps: ['steps'],
  type: ['kind'],
  name: ['kind', 'title'],
  file: ['path'],
  label: ['target'],
  inputs: ['x'],
  targets: ['y'],
  labels: ['y'],
  comment: ['notes'],
  description: ['notes'],
  gd: ['gradient-descent'],
  flow: ['gradient-flow'],
  gf: ['gradient-flow'],
  mse: ['square'],
  l2: ['square'],
  squared: ['square'],
  quadratic: ['square'],
  logloss: ['logistic', 'logLoss'],
  exp: ['exponential'],
  normal: ['gaussian'],
  zeros: ['zero'],
  ones: ['constant'],
};

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s.]/g, '');
}

/** Edit distance in which exchanging two neighbours counts once (optimal string alignment). */
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

/** The candidate meant by `name`, null where none is near: at most a third of the letters may differ. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  if (name.length === 0 || name.length > 64) return null;
  const wanted = plain(name);
  const other = Object.hasOwn(OTHER_WORDS, wanted) ? OTHER_WORDS[wanted].find((word) => candidates.includes(word)) : undefined;
  if (other !== undefined) return other;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, plain(candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

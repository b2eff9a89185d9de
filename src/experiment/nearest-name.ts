/** The known name that a misspelled one most likely means. */

import { nearestByEdits, plainName } from '../numerics/edit-distance';

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

/** The candidate meant by `name`, null where none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  const wanted = plainName(name);
  const other = Object.hasOwn(OTHER_WORDS, wanted) ? OTHER_WORDS[wanted].find((word) => candidates.includes(word)) : undefined;
  return other ?? nearestByEdits(name, candidates);
}

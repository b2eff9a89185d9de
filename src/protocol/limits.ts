/** Hard limits on what a file may ask for: a hostile file can neither fill the memory nor hold the machine. */
export const LIMITS = {
  /** Characters of an experiment file. */
  textLength: 16 * 1024 * 1024,
  /** Bytes of a csv file. */
  csvLength: 32 * 1024 * 1024,
  nesting: 64,
  samples: 100_000,
  features: 100_000,
  /** Entries of x, of a parameter vector, of a trajectory. */
  numbers: 10_000_000,
  depth: 32,
  /** Classes of a cross-entropy loss. */
  classes: 1000,
  points: 10_000,
  /** Runs of a sweep, repeats included. */
  sweepPoints: 10_000,
  /** Values of a file that are no numbers in lists. */
  values: 250_000,
  /** Entries of a list of texts, keys of an object. */
  entries: 10_000,
  /** Diagnostics shown of one file. */
  diagnostics: 100,
} as const;

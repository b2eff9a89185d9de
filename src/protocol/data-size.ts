/** "32 samples × 1 feature", the same words in the page, the terminal and the editor. @param written how a whole number is written */
export function dataSize(samples: number, features: number, written: (count: number) => string = String): string {
  return `${written(samples)} ${samples === 1 ? 'sample' : 'samples'} × ${written(features)} ${features === 1 ? 'feature' : 'features'}`;
}

/** Keys that lenses and hovers stand at. */
export const NOTED_KEYS = ['data', 'model', 'init', 'loss', 'optimizer'] as const;
export type NotedKey = (typeof NOTED_KEYS)[number];

import type { Plugin } from 'esbuild';

export function browserTwins(side: 'host' | 'compute'): Plugin;
export const allTwins: readonly (readonly [file: string, twin: string])[];

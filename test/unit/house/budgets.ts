/** How large what ships may be. A number is raised by hand, with its reason, or the growth was a mistake. */
export interface Budget {
  readonly kilobytes: number;
  readonly because: string;
}

export const BUDGETS: Readonly<Record<string, Budget>> = {
  'dist/extension.js': {
    kilobytes: 320,
    because: 'loaded at activation: the editor features, parser and schema with zod (230 kB in all), but no solver',
  },
  'dist/worker.js': { kilobytes: 550, because: 'all that computes, with its WebAssembly kernels, zod and the loader of HiGHS (410 kB)' },
  'dist/cli.js': { kilobytes: 100, because: 'the terminal with commander; what computes is in the worker (65 kB)' },
  'dist/results.js': {
    kilobytes: 400,
    because: 'Chart.js and the controls of the toolkit with FAST (340 kB), loaded in every results page',
  },
  'dist/results.css': { kilobytes: 20, because: 'the page is styled by the theme; this only lays it out (12 kB)' },
  'dist/highs.wasm': { kilobytes: 3600, because: 'HiGHS as its package ships it; read only when a linear program is solved' },
};

/** Held where the VSIX is made and installed: test/ui/workbench/package.test.ts. */
export const VSIX_BUDGET: Budget = {
  kilobytes: 2100,
  because: 'HiGHS compresses to 1.2 MB, the bundles to 0.4 MB; the rest is the icon and the picture of the README',
};

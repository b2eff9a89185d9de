/** How large what ships may be. A number is raised by hand, with its reason, or the growth was a mistake. */
export interface Budget {
  readonly kilobytes: number;
  readonly because: string;
}

export const BUDGETS: Readonly<Record<string, Budget>> = {
  'dist/extension.js': { kilobytes: 400, because: 'loaded at activation: parser, schema (zod) and catalogue, but no solver and no HiGHS' },
  'dist/worker.js': {
    kilobytes: 500,
    because: 'the compute code with its WebAssembly kernels (a few kB), zod, csv-parse and the HiGHS loader',
  },
  'dist/cli.js': { kilobytes: 550, because: 'the compute code once more, with commander' },
  'dist/results.js': { kilobytes: 500, because: 'Chart.js (200 kB) and the toolkit with FAST (200 kB), loaded in every results page' },
  'dist/highs.wasm': { kilobytes: 3600, because: 'the HiGHS solver as its package ships it; read only when a linear program is solved' },
};

export const VSIX_BUDGET: Budget = {
  kilobytes: 2500,
  because: 'HiGHS compresses to about 1.3 MB, the bundles to about 0.5 MB, the pictures of the README',
};

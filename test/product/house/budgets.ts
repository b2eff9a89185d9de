/** How large what ships may be. A number is raised by hand, with its reason, or the growth was a mistake. */
export interface Budget {
  readonly kilobytes: number;
  readonly because: string;
}

export const BUDGETS: Readonly<Record<string, Budget>> = {
  'dist/extension.js': {
    kilobytes: 100,
    because: 'loaded at activation: the editor features alone (80 kB); every ten kB more cost half a millisecond of every start',
  },
  'dist/theory.js': {
    kilobytes: 270,
    because:
      'loaded with the first experiment, before its first lens: what a file means without the schema library, of every result the half that reads the file alone, and the words of lenses, hovers and pages (220 kB)',
  },
  'dist/editor-sweep.js': {
    kilobytes: 240,
    because: 'loaded with the first sweep: schema with zod for its points (130 kB), their folder and their report',
  },
  'dist/python-file.js': { kilobytes: 50, because: 'loaded with the first script that is exported: the parts of a Python file (40 kB)' },
  'dist/worker.js': {
    kilobytes: 1150,
    because:
      'all that computes: eighty results with their solvers, the WebAssembly kernels, zod, the loader of HiGHS, the neighbours of a file (1060 kB)',
  },
  'dist/cli.js': {
    kilobytes: 350,
    because:
      'the terminal with commander, parser and schema with zod for the points of a sweep (270 kB), the engines of clusters, and scripts and pages as exports (40 kB); what computes is in the worker',
  },
  'dist/results.js': {
    kilobytes: 450,
    because:
      'Chart.js and the controls of the toolkit with FAST (340 kB), figures and heat maps (50 kB), sweeps and comparison with their axes (50 kB), loaded in every results page',
  },
  'dist/results.css': { kilobytes: 20, because: 'the page is styled by the theme; this only lays it out (12 kB)' },
  'dist/browser/extension.js': {
    kilobytes: 570,
    because:
      'the extension for editors in a browser, where it is one file: the editor features, what is loaded later in Node, and sweeps (520 kB)',
  },
  'dist/browser/worker.js': {
    kilobytes: 1180,
    because: 'the worker in a browser: the same as in Node, and what csv-parse needs of a Buffer (20 kB)',
  },
  'dist/examples.json': {
    kilobytes: 300,
    because: 'the examples of the gallery in one file, since a folder on the web cannot be listed (250 kB)',
  },
  'dist/highs.wasm': { kilobytes: 3600, because: 'HiGHS as its package ships it; read only when a linear program is solved' },
};

/** Held where the VSIX is made and installed: test/ui/workbench/package.test.ts. */
export const VSIX_BUDGET: Budget = {
  kilobytes: 4000,
  because:
    'HiGHS compresses to 1.2 MB, the bundles with the catalogue to 0.65 MB and those for a browser to another 0.55 MB, the examples with their data to 0.1 MB; the rest are pictures: of the README with its film and of the walkthrough (0.75 MB)',
};

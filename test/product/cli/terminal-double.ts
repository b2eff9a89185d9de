import type { Analysis, Diagnostic, ResolvedData, ResolvedRun, RunAnswer, RunEvent, Source } from '../../../src/protocol/compute';
import type { Prediction, Report } from '../../../src/protocol/report';
import { checkCommand } from '../../../src/cli/check-command';
import type { Commands } from '../../../src/cli/commands';
import { dataCommand } from '../../../src/cli/data-command';
import { exportCommand } from '../../../src/cli/export-command';
import { main } from '../../../src/cli/main';
import { predictCommand } from '../../../src/cli/predict-command';
import { runCommand } from '../../../src/cli/run-command';
import { sweepCommand } from '../../../src/cli/sweep-command';
import { sweepTaskCommand } from '../../../src/cli/sweep-task-command';
import type { Output, Terminal } from '../../../src/cli/terminal';
import type { RunOptions } from '../../../src/worker/pool';

/** Loaded at once: the loader of the tests knows no later imports. */
const commands: Commands = {
  run: runCommand,
  sweep: sweepCommand,
  sweepTask: sweepTaskCommand,
  predict: predictCommand,
  check: checkCommand,
  data: dataCommand,
  export: exportCommand,
};

/** An output that keeps what is written. */
export function recorder({ isTTY = false, columns = 80 } = {}): Output & { text: string } {
  return {
    text: '',
    isTTY,
    columns: () => columns,
    write(text: string): void {
      this.text += text;
    },
  };
}

/** A compute service that answers as told, by the text of the file. */
export interface Answers {
  run?(source: Source, emit: (event: RunEvent) => void): RunAnswer | Promise<RunAnswer>;
  check?(source: Source): readonly Diagnostic[];
  analyse?(source: Source): Analysis | Promise<Analysis>;
  data?(source: Source): ResolvedData | { readonly diagnostics: readonly Diagnostic[] };
  resolve?(source: Source): ResolvedRun | { readonly diagnostics: readonly Diagnostic[] };
}

export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Calls the command line in this process. */
export async function call(
  argv: readonly string[],
  { answers = {}, ...terminal }: { answers?: Answers } & Partial<Terminal> & { isTTY?: boolean; columns?: number } = {},
): Promise<Ended> {
  const stdout = recorder(terminal);
  const stderr = recorder(terminal);
  const unexpected = (): never => {
    throw new Error('this call was not foreseen');
  };
  const compute: Terminal['compute'] = {
    run: async (source: Source, options: RunOptions = {}) => (answers.run ?? unexpected)(source, options.onEvent ?? ((): void => {})),
    check: async (source: Source) => (answers.check ?? unexpected)(source),
    analyse: async (source: Source) => (answers.analyse ?? unexpected)(source),
    data: async (source: Source) => (answers.data ?? unexpected)(source),
    resolve: async (source: Source) => (answers.resolve ?? unexpected)(source),
  };
  const status = await main(
    argv,
    {
      cwd: process.cwd(),
      env: {},
      signal: new AbortController().signal,
      compute,
      program: ['bias-lab'],
      pageAssets: () => Promise.resolve({ script: 'draw()', style: 'p{}' }),
      createPool: () => ({ run: compute.run, dispose: () => Promise.resolve() }),
      ...terminal,
      stdout,
      stderr,
    },
    commands,
  );
  return { status, out: stdout.text, err: stderr.text };
}

export const diagnostic = (fields: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'shape.unknown-key',
  severity: 'error',
  message: 'Unknown key "modle"; did you mean "model"?',
  pointer: '/modle',
  offset: 4,
  length: 7,
  line: 2,
  column: 3,
  fixes: [],
  ...fields,
});

export const analysis = (fields: Partial<Analysis> = {}): Analysis => ({
  diagnostics: [],
  predictions: [],
  optimizerNote: null,
  modelNote: null,
  dataNote: null,
  dataHash: null,
  ...fields,
});

export const prediction = (fields: Partial<Prediction> = {}): Prediction => ({
  result: 'soudry-2018-max-margin',
  title: 'Gradient descent on separable data converges to the max-margin direction',
  regularizer: 'l2',
  symbol: 'min ‖w‖₂',
  statement: 'The direction converges to the hard-margin support vector machine.',
  formula: 'w/‖w‖ → ŵ/‖ŵ‖',
  status: 'theorem',
  applies: true,
  conditions: [
    { text: 'The data are separable', holds: true, because: 'margin 0.31' },
    { text: 'The loss has an exponential tail', holds: 'unknown', because: '' },
    { text: 'The step is small', holds: false, because: '3 > 2' },
  ],
  citation: {
    authors: 'Soudry, Hoffer, Nacson, Gunasekar, Srebro',
    year: 2018,
    title: 'The implicit bias',
    venue: 'JMLR 19',
    locus: 'Theorem 3',
  },
  ...fields,
});

export const report = (fields: Partial<Report> = {}): Report => ({
  format: 1,
  figures: [],
  title: 'Two points',
  experiment: { seed: 0 },
  fingerprint: 'ab'.repeat(32),
  version: '0.1.0',
  kernels: 'typescript',
  seconds: 0.8,
  outcome: 'converged',
  ended: 'The gradient vanished.',
  data: { samples: 2, features: 3, featureNames: null, sha256: null },
  predictions: [prediction()],
  solution: { predictor: [1, 0, 0], parameters: [[1, 0, 0]], loss: 0, logLoss: -Infinity },
  references: [
    {
      id: 'max-margin',
      title: 'Max-margin direction',
      regularizer: 'l2',
      predictor: [1, 0, 0],
      objective: 0.5,
      certificate: { kind: 'duality-gap', value: 1.25e-13, says: 'Primal 0.5, dual 0.5.' },
      role: 'predicted',
    },
  ],
  verdict: {
    outcome: 'agrees',
    result: 'soudry-2018-max-margin',
    measure: 'direction-distance',
    value: 3.2e-7,
    tolerance: 1e-4,
    says: 'The trained direction is the predicted one.',
  },
  measures: { loss: 0, margin: 0.3125 },
  trajectory: { step: [0, 1], loss: [1, 0] },
  asExpected: null,
  ...fields,
});

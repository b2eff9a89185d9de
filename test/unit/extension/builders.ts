/** Small made-up reports and runs for tests of the extension's pure parts. */
import type { Analysis } from '../../../src/protocol/compute';
import type { Prediction, Report, Verdict } from '../../../src/protocol/report';
import type { RunRecord } from '../../../src/extension/run-record';

export function aVerdict(changes: Partial<Verdict> = {}): Verdict {
  return {
    outcome: 'agrees',
    result: 'some-2020',
    measure: 'relative-distance',
    value: 3e-9,
    tolerance: 1e-5,
    says: 'It agrees.',
    ...changes,
  };
}

export function aPrediction(changes: Partial<Prediction> = {}): Prediction {
  return {
    result: 'some-2020',
    title: 'Some result',
    regularizer: 'l2',
    symbol: 'min ‖w‖₂',
    statement: 'Training ends at the smallest solution.',
    formula: 'argmin ‖w‖₂ s.t. Xw = y',
    status: 'theorem',
    applies: true,
    conditions: [{ text: 'consistent', holds: true, because: 'rank 3 of 3' }],
    citation: {
      authors: 'Ada Alpha, Ben Beta, Cem Gamma',
      year: 2020,
      title: 'On things',
      venue: 'Journal',
      url: 'https://example.org/paper',
    },
    ...changes,
  };
}

export function anAnalysis(changes: Partial<Analysis> = {}): Analysis {
  return {
    diagnostics: [],
    predictions: [aPrediction()],
    optimizerNote: 'stable below 0.4',
    modelNote: '8 parameters',
    dataNote: '4 samples',
    dataHash: null,
    ...changes,
  };
}

export function aReport(changes: Partial<Report> = {}): Report {
  return {
    format: 1,
    figures: [],
    title: 'A run',
    experiment: {},
    fingerprint: '00',
    version: '0.1.0',
    kernels: 'typescript',
    seconds: 1,
    outcome: 'converged',
    ended: 'The loss is small.',
    data: { samples: 4, features: 2, featureNames: null, sha256: null },
    predictions: [aPrediction()],
    solution: { predictor: [1, 2], parameters: [[1, 2]], loss: 0, logLoss: -30 },
    references: [],
    verdict: aVerdict(),
    measures: { loss: 0 },
    trajectory: { step: [0, 1], loss: [1, 0] },
    asExpected: null,
    ...changes,
  };
}

/** A stored run; `number` makes its id and time, larger ones are newer. */
export function aRecord(number: number, changes: Partial<RunRecord> = {}): RunRecord {
  const second = String(number).padStart(2, '0');
  return {
    id: `20260102T0304${second}000-0123abcd`,
    kind: 'run',
    origin: 'user',
    uri: 'file:///w/a.bias.json',
    file: 'a.bias.json',
    title: `Run ${number}`,
    textHash: 'h',
    dataHash: null,
    startedAt: `2026-01-02T03:04:${second}.000Z`,
    state: 'done',
    ended: 'The loss is small.',
    verdict: aVerdict(),
    pinned: false,
    note: null,
    report: aReport(),
    ...changes,
  };
}

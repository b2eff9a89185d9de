import assert from 'node:assert/strict';
import type { Verdict } from '../../../src/protocol/report';
import type { SweepResult, SweepSummary } from '../../../src/protocol/sweep';
import { sweepReport } from '../../../src/study/sweep-report';

const result = (outcome: Verdict['outcome'], asExpected: boolean | null = null, about = 'some-2020'): SweepResult => ({
  format: 1,
  index: 0,
  settings: [],
  repeat: 0,
  seed: 0,
  fingerprint: '',
  data: { samples: 4, features: 2, featureNames: null, sha256: null },
  outcome: 'converged',
  ended: '',
  verdict: { outcome, result: about, measure: null, value: null, tolerance: null, says: '' },
  asExpected,
  measures: {},
  distances: {},
  seconds: 1,
});
const failed = { index: 1, settings: [], repeat: 0, seed: 0, fingerprint: '', failure: 'no memory' };

const summary = (points: SweepSummary['points']): SweepSummary => ({
  format: 1,
  title: 'T',
  experiment: {},
  fingerprint: 'f',
  version: '1',
  axes: [{ path: '/init/scale', values: [1, 2], scale: 'linear' }],
  repeat: 1,
  seconds: 2,
  points,
  cells: [],
  figures: [],
});

describe('a sweep as a report', () => {
  const verdict = (...points: SweepSummary['points']): readonly unknown[] => {
    const { outcome, says } = sweepReport(summary(points)).verdict;
    return [outcome, says];
  };

  it('agrees where every run does', () => {
    assert.deepEqual(verdict(result('agrees')), ['agrees', 'The run agrees with its prediction.']);
    assert.deepEqual(verdict(result('agrees'), result('agrees')), ['agrees', 'All 2 runs agree with their prediction.']);
  });

  it('disagrees where one run does', () => {
    const expected = ['disagrees', 'Of 3 runs, 1 agrees with its prediction, 1 disagrees with its prediction, 1 is inconclusive.'];
    assert.deepEqual(verdict(result('agrees'), result('disagrees'), result('inconclusive')), expected);
  });

  it('leaves open what was not run or not judged', () => {
    assert.equal(verdict(result('agrees'), failed)[0], 'inconclusive');
    assert.equal(verdict(result('agrees'), result('inconclusive'))[0], 'inconclusive');
    assert.equal(verdict(result('agrees'), result('no-prediction'))[0], 'no-prediction');
    assert.match(sweepReport(summary([result('agrees'), failed])).ended, /1 failed, the first of them with: no memory/);
  });

  it('is as expected when every run is', () => {
    const expected = (...points: SweepSummary['points']): boolean | null => sweepReport(summary(points)).asExpected;
    assert.equal(expected(result('agrees', true), result('agrees', true)), true);
    assert.equal(expected(result('agrees', true), result('agrees', false)), false);
    assert.equal(expected(result('agrees')), null);
    assert.equal(sweepReport(summary([result('agrees', null, 'a'), result('agrees', null, 'b')])).verdict.result, null);
  });

  it('that was left before its end says how far it is, and speaks of no result', () => {
    const { outcome, ended, verdict, asExpected } = sweepReport(summary([result('agrees', true), failed]), [], 2);
    assert.equal(outcome, 'cancelled');
    assert.equal(ended, '4 runs: 2 values of /init/scale. Paused with 1 of 4 runs done. 1 failed, the first of them with: no memory');
    assert.deepEqual(
      [verdict.outcome, verdict.result, verdict.says],
      ['inconclusive', null, 'Of 4 runs, 1 agrees with its prediction, 1 failed, 2 are not run yet.'],
    );
    assert.equal(asExpected, null);
  });
});

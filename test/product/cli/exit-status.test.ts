import assert from 'node:assert/strict';
import type { Outcome, VerdictOutcome } from '../../../src/protocol/report';
import { statusOfFailure, statusOfReport, worst } from '../../../src/cli/exit-status';
import { report } from './terminal-double';

describe('exit status', () => {
  const status = (outcome: Outcome, verdict: VerdictOutcome, asExpected: boolean | null): number =>
    statusOfReport(report({ outcome, asExpected, verdict: { ...report().verdict, outcome: verdict } }));

  it('is 0 when a run is done and as expected', () => {
    assert.equal(status('converged', 'agrees', null), 0);
    assert.equal(status('stopped', 'agrees', true), 0);
    assert.equal(status('converged', 'inconclusive', null), 0);
    assert.equal(status('converged', 'no-prediction', null), 0);
    assert.equal(status('stopped', 'no-prediction', null), 0);
  });

  it('is 0 when the file foresees what would otherwise be a fault', () => {
    assert.equal(status('converged', 'disagrees', true), 0);
    assert.equal(status('stopped', 'inconclusive', true), 0);
    assert.equal(status('diverged', 'inconclusive', true), 0);
  });

  it('is 1 when the verdict is not the expected one', () => {
    assert.equal(status('converged', 'disagrees', null), 1);
    assert.equal(status('stopped', 'disagrees', null), 1);
    assert.equal(status('converged', 'agrees', false), 1);
    assert.equal(status('converged', 'inconclusive', false), 1);
  });

  it('is 3 when there is no answer', () => {
    assert.equal(status('diverged', 'inconclusive', null), 3);
    assert.equal(status('diverged', 'disagrees', false), 3);
    assert.equal(status('stuck', 'inconclusive', null), 3);
    assert.equal(status('failed', 'inconclusive', null), 3);
    assert.equal(status('stopped', 'inconclusive', null), 3);
    assert.equal(status('stopped', 'inconclusive', false), 3);
    for (const reason of ['crashed', 'out-of-memory', 'bug'] as const) assert.equal(statusOfFailure({ reason }), 3);
  });

  it('is 130 when the run was cancelled', () => {
    assert.equal(status('cancelled', 'inconclusive', null), 130);
    assert.equal(status('cancelled', 'inconclusive', true), 130);
    assert.equal(statusOfFailure({ reason: 'cancelled' }), 130);
  });

  it('of several files is the worst: 130, 2, 3, 1, 0', () => {
    assert.equal(worst([0, 1, 3, 2, 130]), 130);
    assert.equal(worst([0, 1, 3, 2]), 2);
    assert.equal(worst([0, 1, 3]), 3);
    assert.equal(worst([0, 1]), 1);
    assert.equal(worst([0, 0]), 0);
  });
});

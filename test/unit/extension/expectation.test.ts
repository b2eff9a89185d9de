import assert from 'node:assert/strict';
import { expectationOf, judged } from '../../../src/extension/expectation';
import { aRecord, aReport, aVerdict } from './builders';

const FILE = `{
  "title": "A file",
  "loss": "square",
  "expect": { "verdict": "agrees", "result": "alpha-2020" }
}`;

describe('what a file expects', () => {
  it('is read with its place', () => {
    assert.deepEqual(expectationOf(FILE), { title: 'A file', verdict: 'agrees', result: 'alpha-2020', line: 3 });
    assert.deepEqual(expectationOf('{ "expect": { "verdict": "disagrees" } }'), {
      title: null,
      verdict: 'disagrees',
      result: null,
      line: 0,
    });
  });

  it('is nothing in files that expect nothing, are broken or mean something else by it', () => {
    for (const text of [
      '',
      '{',
      '[1]',
      'null',
      '{ "title": "x" }',
      '{ "expect": "agrees" }',
      '{ "expect": {} }',
      `${FILE.slice(0, -1)},`,
    ]) {
      assert.equal(expectationOf(text), null, text);
    }
  });

  it('is met by the report that says so', () => {
    const expected = { title: null, verdict: 'agrees', result: null, line: 0 };
    assert.deepEqual(judged(expected, aRecord(1, { report: aReport({ asExpected: true }) })), { outcome: 'passed' });
  });

  it('is held against what was found, the result too where it is named', () => {
    const verdict = aVerdict({ outcome: 'disagrees', result: 'beta-2021', says: 'It is far away.' });
    const record = aRecord(1, { verdict, report: aReport({ verdict, asExpected: false }) });
    const answer = judged({ title: null, verdict: 'agrees', result: 'alpha-2020', line: 0 }, record);
    assert.ok(answer.outcome === 'failed');
    assert.match(answer.says, /^disagrees.*It is far away\.$/);
    assert.deepEqual([answer.expected, answer.found], ['agrees\nabout alpha-2020', 'disagrees\nabout beta-2021']);
    const unnamed = judged({ title: null, verdict: 'agrees', result: null, line: 0 }, record);
    assert.ok(unnamed.outcome === 'failed');
    assert.deepEqual([unnamed.expected, unnamed.found], ['agrees', 'disagrees']);
  });

  it('has no answer from a run that failed or was cancelled', () => {
    const expected = { title: null, verdict: 'agrees', result: null, line: 0 };
    const failed = aRecord(1, { state: 'failed', ended: 'The worker ran out of memory.', report: null, verdict: null });
    assert.deepEqual(judged(expected, failed), { outcome: 'errored', says: 'The worker ran out of memory.' });
    assert.deepEqual(judged(expected, aRecord(1, { state: 'cancelled' })), { outcome: 'skipped' });
  });
});

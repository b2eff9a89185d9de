import assert from 'node:assert/strict';
import { claimOf, expectationOf, judged } from '../../../src/extension/expectation';
import { verdictText } from '../../../src/extension/wording';
import { aRecord, aReport, aVerdict } from './builders';

const FILE = `{
  "title": "A file",
  "loss": "square",
  "expect": { "verdict": "agrees", "result": "alpha-2020" }
}`;

const EXPECTED = { verdict: 'agrees', result: null };

describe('what a file expects', () => {
  it('is read with its place', () => {
    assert.deepEqual(claimOf(FILE), { title: 'A file', line: 3 });
    assert.deepEqual(expectationOf(FILE), { verdict: 'agrees', result: 'alpha-2020' });
    const short = '{ "expect": { "verdict": "disagrees" } }';
    assert.deepEqual(claimOf(short), { title: null, line: 0 });
    assert.deepEqual(expectationOf(short), { verdict: 'disagrees', result: null });
  });

  it('is nothing in files that expect nothing', () => {
    for (const text of ['', '{', '[1]', 'null', '{ "title": "x" }', '{ "notes": ["\\"expect\\":"] }']) {
      assert.equal(claimOf(text), null, text);
      assert.equal(expectationOf(text), null, text);
    }
  });

  it('is still a claim where it cannot be understood, and where the file is broken, under the title that it has', () => {
    for (const text of ['{ "expect": "agrees" }', '{ "expect": {} }']) {
      assert.deepEqual(claimOf(text), { title: null, line: 0 }, text);
      assert.equal(expectationOf(text), null, text);
    }
    const broken = `${FILE.replace('A file', 'A \\"good\\" file').slice(0, -1)},`;
    assert.deepEqual(claimOf(broken), { title: 'A "good" file', line: 3 });
    assert.equal(expectationOf(broken), null);
    assert.deepEqual(claimOf('{ "title": "half, "expect": {'), { title: 'half, ', line: 0 });
  });

  it('is met by the report that says so', () => {
    assert.deepEqual(judged(EXPECTED, aRecord(1, { report: aReport({ asExpected: true }) })), {
      outcome: 'passed',
      says: verdictText(aVerdict()),
    });
  });

  it('is held against what was found, the result too where it is named', () => {
    const verdict = aVerdict({ outcome: 'disagrees', result: 'beta-2021', says: 'It is far away.' });
    const record = aRecord(1, { verdict, report: aReport({ verdict, asExpected: false }) });
    const answer = judged({ verdict: 'agrees', result: 'alpha-2020' }, record);
    assert.ok(answer.outcome === 'failed');
    assert.match(answer.says, /^Expected: agrees about alpha-2020\. Found: disagrees.* about beta-2021\. It is far away\.$/);
    assert.deepEqual([answer.expected, answer.found], ['agrees\nabout alpha-2020', 'disagrees\nabout beta-2021']);
    const unnamed = judged(EXPECTED, record);
    assert.ok(unnamed.outcome === 'failed');
    assert.deepEqual([unnamed.expected, unnamed.found], ['agrees', 'disagrees']);
  });

  it('has no answer from a run that failed or was cancelled', () => {
    const failed = aRecord(1, { state: 'failed', ended: 'The worker ran out of memory.', report: null, verdict: null });
    assert.deepEqual(judged(EXPECTED, failed), { outcome: 'errored', says: 'The worker ran out of memory.' });
    assert.deepEqual(judged(EXPECTED, aRecord(1, { state: 'cancelled' })), { outcome: 'skipped' });
  });
});

import assert from 'node:assert/strict';
import { pausedText, progressFraction, progressText } from '../../../src/study/sweep-words';

const PROGRESS = { done: 12, total: 200, failed: 0, found: 0, secondsLeft: null, waiting: null };

describe('how far a sweep is, in words', () => {
  it('is what is done, what failed, what is waited for and the time that is left', () => {
    assert.equal(progressText(PROGRESS), '12 of 200 runs');
    const waiting = 'job 4711: 8 running, 55 waiting';
    assert.equal(
      progressText({ ...PROGRESS, failed: 1, secondsLeft: 180, waiting }),
      '12 of 200 runs · 1 failed · job 4711: 8 running, 55 waiting · 3 min left',
    );
    const left = (secondsLeft: number): string | undefined => progressText({ ...PROGRESS, secondsLeft }).split(' · ')[1];
    assert.deepEqual([0.2, 89, 90, 5399, 7500].map(left), ['1 s left', '89 s left', '2 min left', '1 h 30 min left', '2 h 5 min left']);
    assert.equal(progressText({ ...PROGRESS, done: 199, failed: 1, secondsLeft: 0 }), '199 of 200 runs · 1 failed');
    assert.equal(progressFraction({ ...PROGRESS, failed: 8 }), 0.1);
    assert.equal(pausedText(3, 9), 'Paused with 3 of 9 runs done');
  });
});

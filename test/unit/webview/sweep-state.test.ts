import assert from 'node:assert/strict';
import { cellMark, markShape, marksText, placeMarks, placeText, runsAt } from '../../../webview/sweep-state';

const behind = (states: string, repeat = 1): Parameters<typeof placeText>[0] => ({
  repeat,
  seed: 3,
  states,
  measures: [{ name: 'loss', values: Array.from(states, (_, k) => k) }],
});

describe('the places of a sweep', () => {
  it('are marked by what is to be known of them', () => {
    assert.deepEqual(placeMarks(behind('wrfadin'), 7), ['waiting', 'running', 'failed', null, 'disagrees', 'inconclusive', null]);
    // One run waits, another is done: the value says more than the wait.
    assert.deepEqual(placeMarks(behind('awwwrafa', 2), 4), [null, 'waiting', 'running', 'failed']);
  });

  it('have no mark for what all of them are', () => {
    assert.deepEqual(placeMarks(behind('iiii'), 4), [null, null, null, null]);
    assert.deepEqual(placeMarks(undefined, 2), [null, null]);
  });

  it('are said in words, one run or several', () => {
    assert.equal(placeText(behind('wi'), 1), 'inconclusive');
    assert.equal(placeText(behind('aiawfr', 3), 0), '2 agree, 1 inconclusive');
    assert.equal(placeText(behind('aiawfr', 3), 1), '1 not run yet, 1 failed, 1 running');
    assert.deepEqual(runsAt(behind('aiaw', 2), 1), [
      { seed: 3, state: 'agrees', values: [2] },
      { seed: 4, state: 'not run yet', values: [3] },
    ]);
    assert.equal(marksText(['failed', null, 'running']), 'Marks: a ring: running; a cross: a run failed.');
    assert.equal(marksText(['waiting', 'failed'], 'a tick'), 'Marks: a tick: not run yet; a cross: a run failed.');
    assert.equal(marksText([null]), '');
  });

  it('have shapes that differ, inside their boxes, and none where there is no room', () => {
    const box = { left: 10, top: 20, width: 30, height: 16 };
    const shapes = (['running', 'failed', 'disagrees', 'inconclusive'] as const).map((mark) => markShape(mark, box));
    assert.equal(new Set(shapes.map((shape) => JSON.stringify(shape))).size, 4);
    assert.equal(markShape('failed', { ...box, width: 5 }), null);
    assert.equal(markShape('waiting', box), null);
    // Beside a number a cross stands aside; without one in the middle.
    const cell = { left: 0, top: 0, width: 60, height: 40 };
    assert.equal(cellMark('failed', cell, true)?.path, markShape('failed', { left: 2, top: 26, width: 12, height: 12 })?.path);
    assert.equal(cellMark('failed', cell, false)?.path, markShape('failed', cell)?.path);
  });
});

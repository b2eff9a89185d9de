import assert from 'node:assert/strict';
import { outlineText, LARGEST_OUTLINED_TEXT, type FileOutline } from '../../../src/extension/file-outline';
import { lensTexts, type RunNote } from '../../../src/extension/lens-text';
import type { Analysis } from '../../../src/protocol/compute';
import { aPrediction, aRecord, aVerdict, anAnalysis } from './builders';

const SPARSE = `{
  "data": { "kind": "sparse-regression", "samples": 10, "features": 20 },
  "model": { "kind": "diagonal", "depth": 2 },
  "init": { "kind": "constant", "scale": 0.01 },
  "loss": "square",
  "optimizer": { "kind": "gradient-flow" }
}`;
const NONE: RunNote = { state: 'none' };

function lenses(outline: FileOutline, analysis: Analysis | null = null, run: RunNote = NONE): readonly string[] {
  return lensTexts({ outline, analysis, run }).map(({ line, title }) => `${line}: ${title}`);
}

describe('lenses', () => {
  it('stand over a text whose notes are found where they are', () => {
    const text = SPARSE.replace('"data"', '"notes": ["One.", "Two."], "data"');
    const { notes } = outlineText(text, null);
    assert.deepEqual(notes?.paragraphs, ['One.', 'Two.']);
    assert.equal(text.slice(notes.offset, notes.offset + notes.length), '["One.", "Two."]');
    assert.deepEqual(outlineText(text.replace('["One.", "Two."]', '"One."'), null).notes?.paragraphs, ['One.']);
    assert.equal(outlineText(SPARSE, null).notes, null);
  });

  it('say at once what the file alone tells', () => {
    const [run, predicts, model, optimizer] = lenses(outlineText(SPARSE, null));
    assert.equal(run, '0: $(play) Run');
    assert.match(predicts, /^0: predicts min ‖w‖₁-like \(hypentropy, α = 0\.01\) · Woodworth et al\. 2020$/);
    assert.match(model, /^2: /);
    assert.match(optimizer, /^5: /);
  });

  it('are as many before the worker answers as afterwards', () => {
    const outline = outlineText(SPARSE, null);
    assert.equal(lenses(outline).length, lenses(outline, anAnalysis()).length);
  });

  it('stay while the text is broken, at the lines where the keys are now', () => {
    const good = outlineText(SPARSE, null);
    const broken = outlineText(SPARSE.replace('"model"', '\n\n"model"').replace('"gradient-flow" }', '"gradient-flo'), good);
    assert.equal(broken.current, false);
    const moved = lenses(broken).map((lens) => lens.replace(/^\d+/, ''));
    assert.deepEqual(
      moved,
      lenses(good).map((lens) => lens.replace(/^\d+/, '')),
    );
    assert.deepEqual(
      lenses(broken).map((lens) => lens.split(':')[0]),
      ['0', '0', '4', '7'],
    );
  });

  it('keep their places when the text loses the keys altogether', () => {
    const good = outlineText(SPARSE, null);
    assert.deepEqual(lenses(outlineText('{', good)), lenses(good));
  });

  it('offer the sweep of a file at its key, unless something runs', () => {
    const sweep = '"sweep": { "axes": [{ "path": "/init/scale", "log": [0.01, 1, 5] }], "repeat": 5 },';
    const outline = outlineText(SPARSE.replace('"loss"', `${sweep}\n  "loss"`), null);
    assert.equal(lenses(outline).at(-1), '4: $(run-all) Run sweep (25 runs)');
    assert.ok(!lenses(outline, null, { state: 'running', kind: 'run', waiting: false }).some((lens) => lens.includes('sweep')));
    const broken = outlineText(SPARSE.replace('"loss"', `${sweep.replace('5]', '0]')}\n  "loss"`), null);
    assert.ok(!lenses(broken).some((lens) => lens.includes('sweep')));
  });

  it('say that a file is not an experiment yet', () => {
    assert.deepEqual(lenses(outlineText('{ "model": ', null)), ['0: $(play) Run', '0: no prediction until the file is complete']);
  });

  it('leave very large files to the worker', () => {
    const large = outlineText(SPARSE + ' '.repeat(LARGEST_OUTLINED_TEXT), null);
    assert.deepEqual(lenses(large), ['0: $(play) Run', '0: large file: checked in the background']);
    assert.match(lenses(large, anAnalysis())[1], /predicts min ‖w‖₂/);
  });

  it('name the conditions that the data breaks', () => {
    const conditions = [
      { text: 'separable', holds: false, because: 'no' },
      { text: 'linear', holds: true, because: '' },
    ] as const;
    const analysis = anAnalysis({ predictions: [aPrediction({ applies: false, conditions })] });
    assert.equal(lenses(outlineText(SPARSE, null), analysis)[1], '0: no prediction: fails “separable” · Alpha et al. 2020');
  });

  it('take back what the file alone promised when the data breaks it', () => {
    const outline = outlineText(SPARSE, null);
    const analysis = anAnalysis({ predictions: [aPrediction({ applies: false })], modelNote: null, optimizerNote: null });
    assert.match(lenses(outline)[2], /coefficients/);
    assert.deepEqual(lenses(outline, analysis).slice(2), ['2: model: diagonal', '5: gradient flow: the limit of small steps']);
  });

  it('count errors that the worker finds', () => {
    const diagnostic = {
      code: 'x',
      severity: 'error',
      message: 'm',
      pointer: '',
      offset: 0,
      length: 1,
      line: 1,
      column: 1,
      fixes: [],
    } as const;
    const analysis = anAnalysis({ predictions: [], diagnostics: [diagnostic] });
    assert.equal(lenses(outlineText(SPARSE, null), analysis)[1], '0: $(error) 1 error: nothing is predicted');
  });

  it('show a run that goes on and how to cancel it', () => {
    const [running, cancel] = lenses(outlineText(SPARSE, null), null, { state: 'running', kind: 'run', waiting: false });
    assert.equal(running, '0: $(sync~spin) running');
    assert.equal(cancel, '0: $(debug-stop) Cancel');
    const [waiting] = lenses(outlineText(SPARSE, null), null, { state: 'running', kind: 'run', waiting: true });
    assert.equal(waiting, '0: $(watch) waiting');
    // What is done of a sweep is not lost.
    assert.equal(
      lenses(outlineText(SPARSE, null), null, { state: 'running', kind: 'sweep', waiting: false })[1],
      '0: $(debug-pause) Pause',
    );
  });

  it('show the verdict with its number, and when the text has changed since', () => {
    const outline = outlineText(SPARSE, null);
    const run = aRecord(1);
    assert.equal(lenses(outline, null, { state: 'finished', run, stale: false })[1], '0: $(pass) agrees · 3×10⁻⁹ ≤ 10⁻⁵');
    assert.match(lenses(outline, null, { state: 'finished', run, stale: true })[1], /\(changed since\)$/);
  });

  it('make room for the verdict: the prediction beside it is its symbol, its source is in the hover', () => {
    const run: RunNote = { state: 'finished', run: aRecord(1), stale: false };
    const [, verdict, predicted] = lensTexts({ outline: outlineText(SPARSE, null), analysis: null, run });
    assert.equal(verdict.tooltip, aVerdict().says);
    assert.equal(predicted.title, 'min ‖w‖₁-like (hypentropy, α = 0.01)');
    assert.match(predicted.tooltip, /^Woodworth et al\. 2020: predicts min ‖w‖₁-like/);
    const [, , worked] = lensTexts({ outline: outlineText(SPARSE, null), analysis: anAnalysis(), run });
    assert.doesNotMatch(worked.title, /predicts|2020/);
    assert.match(worked.tooltip, /2020/);
    const constrained = anAnalysis({ predictions: [aPrediction({ symbol: 'min ‖w‖₂ s.t. Xw = y' })] });
    const [, , least] = lensTexts({ outline: outlineText(SPARSE, null), analysis: constrained, run });
    assert.equal(least.title, 'min ‖w‖₂');
    assert.match(least.tooltip, /predicts min ‖w‖₂ s\.t\. Xw = y/);
  });

  it('tell outcomes apart by shape and word', () => {
    const outline = outlineText(SPARSE, null);
    const said = (changes: Parameters<typeof aRecord>[1]): string =>
      lenses(outline, null, { state: 'finished', run: aRecord(1, changes), stale: false })[1];
    assert.equal(said({ verdict: aVerdict({ outcome: 'disagrees', value: 0.25 }) }), '0: $(error) disagrees · 0.25 > 10⁻⁵');
    assert.equal(
      said({ verdict: aVerdict({ outcome: 'no-prediction', measure: null, value: null, tolerance: null }) }),
      '0: $(circle-outline) no prediction',
    );
    const unjudged = aVerdict({ outcome: 'inconclusive', measure: null, value: null, tolerance: null });
    assert.equal(said({ state: 'diverged', verdict: unjudged }), '0: $(warning) diverged');
    assert.equal(said({ state: 'diverged' }), '0: $(pass) agrees · 3×10⁻⁹ ≤ 10⁻⁵ · diverged');
    assert.equal(said({ state: 'cancelled' }), '0: $(circle-slash) cancelled');
    assert.equal(said({ state: 'cancelled', kind: 'sweep' }), '0: $(circle-slash) paused');
    assert.equal(said({ state: 'failed', ended: 'out of memory' }), '0: $(bug) failed · out of memory');
  });
});

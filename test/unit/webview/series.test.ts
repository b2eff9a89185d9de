/** From columns to lines: what is drawn, what is a gap, what is said of it. */
import assert from 'node:assert/strict';
import { curvesOf } from '../../../webview/live-buffer';
import {
  defaultHorizontal,
  drawingValue,
  lineSummary,
  linesOf,
  nearest,
  planCharts,
  gapsText,
  undrawableText,
  unplacedText,
  valueText,
  groupTitle,
} from '../../../webview/series';

const run = (columns: Readonly<Record<string, readonly number[]>>): { title: string; curves: ReturnType<typeof curvesOf> } => ({
  title: 'run',
  curves: curvesOf(columns),
});

describe('series', () => {
  it('puts measures of one group and scale into one chart, in the order of the page', () => {
    const plans = planCharts(['time', 'l1Norm', 'loss', 'logLoss', 'margin', 'marginGap', 'gradientNorm', 'somethingNew', 'distance']);
    assert.deepEqual(
      plans.map(({ key, title, measures }) => [key, title, ...measures]),
      [
        ['loss.log', 'Loss', 'loss', 'gradientNorm'],
        ['agreement.log', 'Agreement with the prediction', 'distance'],
        ['margin.linear', 'Normalized margin', 'margin'],
        ['margin.log', 'Margin gap', 'marginGap'],
        ['norms.linear', 'Norms', 'l1Norm'],
        ['other.linear', 'Other measures', 'somethingNew'],
      ],
    );
    assert.deepEqual(plans[0].extraColumns, ['logLoss']);
  });

  it('gives no two charts one title', () => {
    const plans = planCharts([
      'step',
      'loss',
      'gradientNorm',
      'testLoss',
      'errorRate',
      'testErrorRate',
      'parameterNorm',
      'scaledNorm1',
      'scaledNorm2',
    ]);
    assert.deepEqual(
      plans.map(({ title }) => title),
      ['Loss', 'Training error and test error', 'Parameter norm', 'Norms'],
    );
  });

  it('draws ln ℒ by itself where only that is recorded', () => {
    assert.deepEqual(
      planCharts(['time', 'logLoss']).map(({ key }) => key),
      ['loss.linear'],
    );
  });

  it('leaves a gap at zero, negative and non-finite values of a logarithmic axis, and counts them', () => {
    const { lines, yRange, undrawable } = linesOf(
      [run({ step: [0, 1, 2, 3, 4], l2Norm: [1, 0, -1, Infinity, 100] })],
      ['l2Norm'],
      { name: 'step', log: false },
      true,
    );
    assert.deepEqual([...lines[0].y], [0, Number.NaN, Number.NaN, Number.NaN, 2]);
    assert.deepEqual(yRange, { min: 0, max: 2 });
    const [[measure, gaps]] = undrawable;
    assert.deepEqual([measure, gaps.notFinite, gaps.notPositive], ['l2Norm', 1, 2]);
    assert.equal(undrawableText(gaps), '3 points are not drawn: 1 not finite; 2 not positive, on a logarithmic axis.');
    assert.equal(undrawableText({ notFinite: 0, notPositive: 1 }), '1 point is not drawn: not positive, on a logarithmic axis.');
    // Beside other curves by its name.
    assert.match(gapsText(undrawable, true), /^3 points of “ℓ2 norm” are not drawn: /);
    assert.equal(undrawableText({ notFinite: 0, notPositive: 0 }), '');
  });

  it('leaves out rows without a place on the horizontal axis', () => {
    const { lines, unplaced, undrawable } = linesOf(
      [run({ time: [0, 1, Number.NaN, 10], loss: [4, 3, 2, 1] })],
      ['loss'],
      { name: 'time', log: true },
      false,
    );
    assert.deepEqual([...lines[0].x], [0, 1]);
    assert.deepEqual([...lines[0].row], [1, 3]);
    assert.deepEqual(unplaced, { notFinite: 1, notPositive: 1 });
    assert.equal(undrawable.size, 0);
    assert.equal(
      unplacedText({ notFinite: 0, notPositive: 1 }, 'time'),
      '1 recorded row has time ≤ 0 and no place on its logarithmic axis.',
    );
  });

  it('leaves out the start silently, and speaks when more is missing', () => {
    const none = { notFinite: 0, notPositive: 0 };
    const log = (name: string, columns: Readonly<Record<string, readonly number[]>>): ReturnType<typeof linesOf>['unplaced'] =>
      linesOf([run(columns)], [], { name, log: true }, false).unplaced;
    assert.deepEqual(log('time', { time: [0, 1, 2] }), none);
    assert.deepEqual(log('time', { time: [0] }), none);
    assert.deepEqual(log('time', { time: [0, 0, 1] }), { notFinite: 0, notPositive: 2 });
    // Up to a quarter of the rows has ln t ≤ 0; ln 0 = −∞ among them.
    assert.deepEqual(log('logTime', { logTime: [-Infinity, -1, 1, 2, 3, 4, 5, 6] }), none);
    assert.deepEqual(log('logTime', { logTime: [-Infinity, -1, 0, 1, 2, 3, 4, 5] }), { notFinite: 1, notPositive: 2 });
    // Later gaps and numbers that are none are not a start.
    assert.deepEqual(log('time', { time: [Number.NaN, 1, 2, 3, 4] }), { notFinite: 1, notPositive: 0 });
    assert.deepEqual(log('time', { time: [0, 1, -1, 3, 4] }), { notFinite: 0, notPositive: 2 });
    // On a linear axis −∞ is the only one without a place.
    assert.deepEqual(linesOf([run({ logTime: [-Infinity, -1, 1] })], [], { name: 'logTime', log: false }, false).unplaced, none);
    // The direction of w = 0, and a norm of zero on a logarithmic axis.
    const start = { step: [0, 1, 2], angle: [Number.NaN, 1, 0.5], l2Norm: [0, 1, 2] };
    assert.equal(linesOf([run(start)], ['angle', 'l2Norm'], { name: 'step', log: false }, true).undrawable.size, 0);
    const later = { ...start, l2Norm: [0, 0, 2] };
    const [[measure, gaps], ...others] = linesOf([run(later)], ['angle', 'l2Norm'], { name: 'step', log: false }, true).undrawable;
    assert.deepEqual([measure, gaps.notFinite, gaps.notPositive, others.length], ['l2Norm', 0, 2, 0]);
  });

  it('takes the logarithm that is recorded where the value under- or overflows', () => {
    const { curves } = run({ time: [Infinity], logTime: [10_000], loss: [0], logLoss: [-10_000] });
    // log₁₀ e^±10000 = ±10000 / ln 10
    assert.equal(drawingValue(curves, 'time', 0, true), 10_000 / Math.LN10);
    assert.equal(drawingValue(curves, 'loss', 0, true), -10_000 / Math.LN10);
    assert.equal(valueText(curves, 'loss', 0), '1.135×10⁻⁴³⁴³');
    assert.ok(Number.isNaN(drawingValue(curves, 'time', 0, false)));
  });

  it('does not make a loss of a negative number by its logarithm', () => {
    assert.ok(Number.isNaN(drawingValue(run({ loss: [-1], logLoss: [2] }).curves, 'loss', 0, true)));
  });

  it('sorts points of a file whose axis runs backwards', () => {
    const { lines } = linesOf([run({ time: [3, 1, 2], loss: [30, 10, 20] })], ['loss'], { name: 'time', log: false }, false);
    assert.deepEqual([...lines[0].x], [1, 2, 3]);
    assert.deepEqual([...lines[0].y], [10, 20, 30]);
  });

  it('fills up columns of unequal length with gaps', () => {
    const { curves } = run({ time: [1, 2, 3], loss: [5] });
    assert.equal(curves.rows, 3);
    assert.deepEqual([...(curves.column('loss') ?? [])], [5, Number.NaN, Number.NaN]);
  });

  it('finds the nearest point', () => {
    const x = Float64Array.of(0, 1, 4, 9);
    assert.deepEqual(
      [-5, 0.4, 0.6, 3, 7, 99].map((at) => nearest(x, at)),
      [0, 0, 1, 2, 3, 3],
    );
    assert.equal(nearest(new Float64Array(), 1), -1);
  });

  it('says in words where a curve goes', () => {
    assert.equal(lineSummary(run({ loss: [0.69, 0.1, 1e-12] }), 'loss'), 'Loss falls from 0.69 to 10⁻¹² over 3 points');
    assert.equal(lineSummary(run({ l2Norm: [1, Number.NaN, 3, Infinity] }), 'l2Norm'), 'ℓ2 norm rises from 1 to 3 over 4 points');
    assert.equal(lineSummary(run({ loss: [2, 2] }), 'loss'), 'Loss stays at 2 over 2 points');
    assert.equal(lineSummary(run({ loss: [Number.NaN] }), 'loss'), 'Loss: no finite values in 1 point');
  });

  it('prefers time, then its logarithm, then steps; ln t on a log scale where time overflows', () => {
    const cases = [
      [{ step: [1], time: [1], logTime: [0] }, 'time', true],
      [{ step: [1], logTime: [1] }, 'logTime', false],
      [{ step: [1] }, 'step', false],
      [{ time: [1, Infinity], logTime: [0, 1000] }, 'logTime', true],
      [{ time: [1, Infinity] }, 'time', true],
    ] as const;
    for (const [columns, name, log] of cases) assert.deepEqual(defaultHorizontal(run(columns).curves), { name, log });
  });

  it('has a title for every group of the catalogue, and a readable one for groups of a later version', () => {
    assert.equal(groupTitle('agreement'), 'Agreement with the prediction');
    assert.equal(groupTitle('neuralCollapse'), 'Neural collapse');
    assert.equal(groupTitle('edge-of-stability'), 'Edge of stability');
    assert.equal(groupTitle('other'), 'Other measures');
    assert.equal(groupTitle(''), 'Other measures');
    assert.equal(groupTitle('constructor'), 'Constructor');
  });
});

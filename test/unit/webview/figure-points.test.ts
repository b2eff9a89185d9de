/** From the series of a figure to the points that are drawn. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { figureAxes, isCrowd, placed, pointLimit, thin, type ChartFigure, type PlacedSeries } from '../../../webview/figure-points';
import type { FigureSeries } from '../../../src/protocol/report';

function chart(series: readonly Partial<FigureSeries>[], x: 'linear' | 'log' = 'linear', y: 'linear' | 'log' = 'linear'): ChartFigure {
  return {
    kind: 'chart',
    id: 'c',
    title: 'c',
    says: '',
    x: { label: 'x', scale: x },
    y: { label: 'y', scale: y },
    series: series.map((one) => ({ name: 's', style: 'line', x: [], y: [], ...one })),
  };
}

function wave(length: number, change: Partial<PlacedSeries> = {}): PlacedSeries {
  return {
    style: 'line',
    ascending: true,
    x: Float64Array.from({ length }, (_, k) => k),
    y: Float64Array.from({ length }, (_, k) => Math.sin(k * 1.7) + (k === 4321 ? 50 : 0)),
    ...change,
  };
}

const AREA = { width: 500, height: 200 };
const AXES = { x: { min: 0, max: 20_000, ticks: [] }, y: { min: -2, max: 51, ticks: [] } };

describe('points of a figure', () => {
  it('places values by their logarithm where the axis is one, and counts what has no place', () => {
    const { series, undrawable } = placed(chart([{ x: [1, 10, 0, 100], y: [1, 0.01, 5, Infinity] }], 'log', 'log'));
    assert.deepEqual([...series[0].x], [0, 1, Number.NaN, 2]);
    assert.deepEqual([...series[0].y], [0, -2, Math.log10(5), Number.NaN]);
    assert.deepEqual(undrawable, { notFinite: 1, notPositive: 1 });
  });

  it('sees whether a line runs from left to right', () => {
    const { series } = placed(
      chart([
        { x: [1, 2, Number.NaN, 2, 3], y: [0, 0, 0, 0, 0] },
        { x: [1, 3, 2], y: [0, 0, 0] },
      ]),
    );
    assert.deepEqual(
      series.map(({ ascending }) => ascending),
      [true, false],
    );
  });

  it('takes so many points for a crowd that hides lines, but no line and no bars', () => {
    assert.deepEqual(
      [isCrowd('points', 4000), isCrowd('points', 40), isCrowd('line', 4000), isCrowd('bars', 4000)],
      [true, false, false, false],
    );
  });

  it('gives bars room for their halves and the zero they rise from', () => {
    const figure = chart([{ style: 'bars', x: [1, 2, 3], y: [4, 5, 6] }]);
    const axes = figureAxes(figure, placed(figure).series, { width: 600, height: 240 });
    assert.deepEqual([axes.x.min, axes.x.max], [0.5, 3.5]);
    assert.equal(axes.y.min, 0);
    assert.deepEqual(
      axes.x.ticks.map(({ label }) => label),
      ['1', '2', '3'],
    );
  });

  it('draws few points all', () => {
    assert.deepEqual(thin(wave(10), AXES, AREA, 10), { index: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], thinned: false });
  });

  it('keeps the extremes of a dense line, in order and within the limit', () => {
    const series = wave(20_000);
    const { index, thinned } = thin(series, AXES, AREA, 1000);
    assert.ok(thinned && index.length <= 1000, String(index.length));
    assert.ok(index.includes(4321));
    index.slice(1).forEach((at, k) => assert.ok(at > index[k]));
  });

  it('keeps one gap of many', () => {
    const series = wave(20_000);
    series.y.fill(Number.NaN, 5000, 15_000);
    const { index } = thin(series, AXES, AREA, 1000);
    assert.equal(index.filter((at) => at >= 5000 && at < 15_000).length, 1);
  });

  it('follows a line that turns back, and ends where it ends', () => {
    const x = Float64Array.from({ length: 20_000 }, (_, k) => 10_000 + 9000 * Math.cos(k / 3000));
    const y = Float64Array.from({ length: 20_000 }, (_, k) => 25 + 20 * Math.sin(k / 3000));
    const { index } = thin(wave(20_000, { x, y, ascending: false }), AXES, AREA, 1500);
    assert.ok(index.length <= 1500 && index[0] === 0 && index.at(-1) === 19_999);
    // Neighbours are a few pixels apart: the circle stays round.
    index.slice(1).forEach((at, k) => {
      const [dx, dy] = [((x[at] - x[index[k]]) / 20_000) * 500, ((y[at] - y[index[k]]) / 53) * 200];
      assert.ok(Math.hypot(dx, dy) < 4);
    });
  });

  it('never exceeds its limit by more than its gaps, whatever comes', () => {
    const value = fc.oneof(fc.double(), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 400 }), fc.constantFrom('line', 'points', 'bars'), (points, style) => {
        const figure = chart([{ style, x: points.map(([x]) => x), y: points.map(([, y]) => y) }]);
        const { series } = placed(figure);
        const { index } = thin(series[0], figureAxes(figure, series, AREA), AREA, 60);
        const drawn = index.filter((at) => !Number.isNaN(series[0].x[at]) && !Number.isNaN(series[0].y[at]));
        assert.ok(drawn.length <= 62, `${style}: ${drawn.length}`);
      }),
      { numRuns: 300 },
    );
  });

  it('shares what a redraw has time for among the visible series', () => {
    const eight = Array.from({ length: 8 }, () => wave(1));
    assert.equal(pointLimit('line', eight) * 8, pointLimit('line', [wave(1)]));
  });
});

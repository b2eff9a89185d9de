import assert from 'node:assert/strict';
import type { SweepCell } from '../../../src/protocol/sweep';
import { crossing, transitionFigure } from '../../../src/study/sweep-transition';

/** Distances α and 1/α meet at α = 1, c·α and 1/α at c^(−1/2). */
const meeting =
  (c: number) =>
  (alpha: number): readonly [number, number] => [c * alpha, 1 / alpha];

describe('where ℓ1 goes over into ℓ2', () => {
  const scales = [0.01, 0.1, 1.5, 10];

  it('is found between the points, exactly where the logarithms are straight', () => {
    for (const c of [1, 4, 0.05]) assert.ok(Math.abs(crossing(scales, scales.map(meeting(c))) * Math.sqrt(c) - 1) < 1e-12);
    assert.ok(Number.isNaN(crossing(scales, scales.map(meeting(1e-6)))), 'beyond the axis there is none');
    assert.ok(
      Number.isNaN(
        crossing(
          [1, 2],
          [
            [Number.NaN, 1],
            [1, 2],
          ],
        ),
      ),
    );
  });

  const cell = (alpha: number, c: number, theory: number): SweepCell => {
    const spread = (value: number): SweepCell['measures'][string] => ({ count: 1, mean: value, median: value, lower: value, upper: value });
    const [toL1, toL2] = meeting(c)(alpha);
    const [one, two] = meeting(theory)(alpha);
    return {
      settings: [],
      verdicts: {},
      measures: { distanceToL1: spread(toL1), distanceToL2: spread(toL2) },
      expected: { distanceToL1: one, distanceToL2: two },
    };
  };
  const axis = (path: string, values: readonly unknown[], scale: 'linear' | 'log') => ({ path, values, scale });

  it('is drawn for every row, with what the predicted solutions foresee', () => {
    const rows = axis('/model/depth', [2, 3], 'linear');
    const cells = [1, 4].flatMap((c) => scales.map((alpha) => cell(alpha, c, 1.21 * c)));
    const figure = transitionFigure(rows, axis('/init/scale', scales, 'log'), cells, (path) => path, 'id');
    assert.ok(figure?.kind === 'chart');
    const [predicted, measured] = figure.series;
    assert.deepEqual(
      measured.y.map((value) => Number(value.toFixed(9))),
      [1, 0.5],
    );
    assert.deepEqual(
      predicted.y.map((value) => Number((1.1 * value).toFixed(9))),
      [1, 0.5],
    );
    assert.match(figure.says, /at most 10 % away/);
  });

  it('is not drawn over an axis that is not logarithmic, or without distances', () => {
    const rows = axis('/model/depth', [2], 'linear');
    const cells = scales.map((alpha) => cell(alpha, 1, 1));
    assert.equal(
      transitionFigure(rows, axis('/a', scales, 'linear'), cells, (path) => path, 'id'),
      null,
    );
    const bare = cells.map((one) => ({ ...one, measures: {} }));
    assert.equal(
      transitionFigure(rows, axis('/a', scales, 'log'), bare, (path) => path, 'id'),
      null,
    );
  });
});

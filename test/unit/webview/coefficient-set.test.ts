/** Coefficients side by side. */
import assert from 'node:assert/strict';
import type { Reference, Report } from '../../../src/protocol/report';
import { coefficientNames, type CoefficientNames } from '../../../webview/coefficient-names';
import { coefficientSet, euclideanNorm, largestDifferences } from '../../../webview/coefficient-set';
import { againstTolerance, gaugeScale } from '../../../webview/gauge';
import { guidesOf } from '../../../webview/guides';
import { curvesOf } from '../../../webview/live-buffer';

function reference(role: Reference['role'], predictor: readonly number[] | null): Reference {
  return {
    id: role,
    title: role,
    regularizer: 'l2',
    predictor,
    objective: 1,
    certificate: { kind: 'kkt-residual', value: 0, says: '' },
    role,
  };
}

function report(data: Partial<Report['data']>, experiment: unknown = {}): Pick<Report, 'data' | 'experiment'> {
  return { data: { samples: 4, features: 2, featureNames: null, sha256: null, ...data }, experiment };
}

const unnamed = (length: number): CoefficientNames => coefficientNames(null, length);

describe('names of coefficients', () => {
  const names = (of: Pick<Report, 'data' | 'experiment'>, length: number): string => coefficientNames(of, length).names.join(' ');

  it('are those of the features, with a bias at the end', () => {
    assert.equal(names(report({}), 2), 'x₁ x₂');
    assert.equal(names(report({ featureNames: ['height', 'width'] }), 3), 'height width b');
  });

  it('are row and column in a matrix, and where every class has a row', () => {
    const data = { kind: 'random-matrix', rows: 2, columns: 3 };
    assert.equal(names(report({ features: 6 }, { data }), 6), 'W₁₁ W₁₂ W₁₃ W₂₁ W₂₂ W₂₃');
    assert.equal(coefficientNames(report({ features: 6 }, { data }), 6).what, 'entry');
    assert.equal(coefficientNames(report({}, { data: { rows: 4, columns: 12 } }), 48).names[13], 'W₂,₂');
    const loss = { kind: 'cross-entropy' };
    assert.equal(names(report({}, { loss }), 6), 'W₁₁ W₁₂ W₂₁ W₂₂ W₃₁ W₃₂');
    assert.equal(names(report({}, { loss }), 9), 'W₁₁ W₁₂ W₁₃ W₂₁ W₂₂ W₂₃ W₃₁ W₃₂ W₃₃');
  });
});

describe('coefficient-set', () => {
  it('puts the trained first, then the predicted, then the compared, and leaves out other lengths', () => {
    const set = coefficientSet(
      [1, 2],
      [reference('compared', [5, 6]), reference('predicted', [3, 4]), reference('compared', [1]), reference('compared', null)],
      (length) => coefficientNames(report({ featureNames: ['height', ''] }), length),
      false,
    );
    assert.deepEqual(
      set?.series.map(({ role, values }) => [role, ...values]),
      [
        ['trained', 1, 2],
        ['predicted', 3, 4],
        ['compared', 5, 6],
      ],
    );
    assert.deepEqual(set?.names, ['height', 'x₂']);
  });

  it('divides by the Euclidean norm where directions are compared', () => {
    const set = coefficientSet([30, 40], [reference('predicted', [0, 0])], unnamed, true);
    assert.deepEqual(
      set?.series.map(({ values }) => [...values]),
      [
        [0.6, 0.8],
        [0, 0],
      ],
    );
  });

  it('has nothing to show without vectors', () => {
    assert.equal(coefficientSet(null, [], unnamed, false), null);
    assert.equal(coefficientSet([], [], unnamed, false), null);
  });

  it('takes norms that neither overflow nor underflow', () => {
    // A handful of roundings of 1.1e-16 each.
    for (const scale of [1, 1e200, 1e-200]) assert.ok(Math.abs(euclideanNorm([3 * scale, 4 * scale]) / (5 * scale) - 1) < 1e-15);
    assert.equal(euclideanNorm([]), 0);
  });

  it('orders by the difference, what is no number first', () => {
    assert.deepEqual(largestDifferences([1, 2, 3, Number.NaN], [1, 5, 2, 0], 3), [3, 1, 2]);
  });
});

describe('gauge', () => {
  it('places value and tolerance by their logarithms', () => {
    const scale = gaugeScale(1e-9, 1e-5);
    assert.ok(scale);
    // From 10⁻¹⁰ to 10⁻⁴: one sixth and five sixths of the way.
    assert.ok(Math.abs(scale.value - 1 / 6) < 1e-12 && Math.abs(scale.tolerance - 5 / 6) < 1e-12);
    assert.deepEqual(
      scale.ticks.map(({ label }) => label),
      ['10⁻¹⁰', '10⁻⁹', '10⁻⁸', '10⁻⁷', '10⁻⁶', '10⁻⁵', '10⁻⁴'],
    );
  });

  it('has a place for zero and none for what is no number', () => {
    assert.equal(gaugeScale(0, 1e-5)?.value, 0);
    for (const [value, tolerance] of [
      [Number.NaN, 1],
      [Infinity, 1],
      [-1, 1],
      [1, 0],
      [1, Number.NaN],
    ])
      assert.equal(gaugeScale(value, tolerance), null);
  });

  it('says how far from the tolerance', () => {
    assert.equal(againstTolerance(1e-9, 1e-5), '10\u202f000 times below the tolerance');
    assert.equal(againstTolerance(0.00044, 1e-4), '4.4 times above the tolerance');
    assert.equal(againstTolerance(1e-4, 1e-4), 'at the tolerance');
    assert.equal(againstTolerance(0, 1e-4), 'exactly zero');
  });

  it('says how far from a bound, and from chance', () => {
    assert.equal(againstTolerance(0.1, 0.4, 'bound'), '4 times below the bound');
    assert.equal(againstTolerance(0.5, 0.25, 'chance'), '2 times above chance');
  });
});

describe('guides', () => {
  const verdict = { outcome: 'agrees', result: 'x', measure: 'relative-distance', value: 1e-9, tolerance: 1e-5, says: '' } as const;

  it('draws the tolerance and the norms of the predicted solution', () => {
    const guides = guidesOf(verdict, [reference('predicted', [3, -4])], curvesOf({}));
    assert.deepEqual(
      guides.map(({ measure, value }) => [measure, value]),
      [
        ['distance', 1e-5],
        ['l1Norm', 7],
        ['l2Norm', 5],
      ],
    );
  });

  it('calls a bound a bound', () => {
    const [guide] = guidesOf({ ...verdict, limit: 'bound' }, [], curvesOf({}));
    assert.equal(guide.label, 'bound of the verdict');
  });

  it('draws no norms where only the direction is predicted, but the largest margin that gap and margin imply', () => {
    const guides = guidesOf(
      { ...verdict, measure: 'direction-distance' },
      [reference('predicted', [3, -4])],
      curvesOf({ margin: [0.1, 0.375], marginGap: [0.8, 0.25] }),
    );
    assert.deepEqual(
      guides.map(({ measure, value }) => [measure, value]),
      [
        ['directionDistance', 1e-5],
        ['margin', 0.5],
      ],
    ); // 0.375 / (1 − 0.25)
  });
});

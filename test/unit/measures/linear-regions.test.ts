import assert from 'node:assert/strict';
import { distinctKinks, kinksOf } from '../../../src/measures/linear-regions';

/** W1, b1, W2 of units given as [w, b, v]. */
const theta = (...units: readonly (readonly [number, number, number])[]): Float64Array =>
  Float64Array.from([0, 1, 2].flatMap((part) => units.map((unit) => unit[part])));

describe('linear regions', () => {
  it('begin where a unit switches, with its change of slope', () => {
    // 2·max(x − 1, 0) − max(−3x − 6, 0): kinks at 1 (slope +2) and −2 (slope 3 to 0 of −(−3x − 6): +3 becomes 0, a change of −3).
    assert.deepEqual(kinksOf(theta([1, -1, 2], [-3, -6, -1]), 0), [
      { position: -2, change: -3 },
      { position: 1, change: 2 },
    ]);
  });

  it('of leaky units change by 1 − slope of it', () => {
    assert.deepEqual(kinksOf(theta([1, 0, 2]), 0.25), [{ position: -0, change: 1.5 }]);
  });

  it('know no kink of a constant unit or one without output', () => {
    assert.deepEqual(kinksOf(theta([0, 1, 1], [1, 1, 0]), 0), []);
  });

  it('are exact with tolerance 0: what cancels at one place is no kink', () => {
    // max(x, 0) − max(−x, 0) = x is linear.
    assert.equal(distinctKinks(kinksOf(theta([1, 0, 1], [-1, 0, -1]), 0), 1, 0).length, 0);
    assert.equal(distinctKinks(kinksOf(theta([1, 0, 1], [-1, 0, 1]), 0), 1, 0).length, 1);
    assert.equal(distinctKinks(kinksOf(theta([1, 0, 1], [1, 1e-9, 1]), 0), 1, 0).length, 2);
  });

  it('merge kinks that are near, at their weighted mean, and drop those that are small', () => {
    const kinks = [
      { position: 0, change: 1 },
      { position: 0.02, change: 3 },
      { position: 0.5, change: 0.01 },
      { position: 1, change: -2 },
    ];
    const [first, second, ...rest] = distinctKinks(kinks, 2, 0.0125);
    assert.ok(Math.abs(first.position - 0.015) < 1e-15 && first.change === 4);
    assert.deepEqual(second, { position: 1, change: -2 });
    assert.equal(rest.length, 0);
    assert.equal(distinctKinks(kinks, 2, 1e-3).length, 4);
  });

  it('do not chain: a long row of near kinks stays several', () => {
    const kinks = Array.from({ length: 11 }, (_, k) => ({ position: k / 10, change: 1 }));
    assert.equal(distinctKinks(kinks, 1, 0.25).length, 4);
  });
});

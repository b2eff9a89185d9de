import assert from 'node:assert/strict';
import { earlyStopped } from '../../../src/solvers/early-stopped';

const X = Float64Array.of(1, 2, 0, -1, 0, 1, 3, 1);
const Y = Float64Array.of(1, 2);
/** (e^(tA) (0, 1))₁…₄ for A = (−H, Xᵀy/2; 0, 0), H = XᵀX/2, by scipy.linalg.expm. */
const FLOW: readonly (readonly [number, readonly number[]])[] = [
  [0.3, [0.08895334367836107, 0.3201212976586924, 0.42664383090591074, 0.05326126662360924]],
  [1.5, [0.1371430361939851, 0.44372646559435647, 0.5083211796191571, 0.03229735701240097]],
];
/** X⁺y, exactly. */
const LIMIT = [9 / 65, 29 / 65, 33 / 65, 2 / 65];

function largestDifference(a: Float64Array, b: readonly number[]): number {
  return a.reduce((most, value, j) => Math.max(most, Math.abs(value - b[j])), 0);
}

describe('the minimiser with the penalty of early stopping', () => {
  for (const [time, expected] of FLOW) {
    it(`is where the flow is at t = ${time}`, () => {
      const { point, certificate } = earlyStopped(X, Y, 2, 4, 0.5, time);
      assert.ok(largestDifference(point, expected) < 1e-14, String(point));
      assert.ok(certificate.value < 1e-13, certificate.says);
    });
  }

  it('is t ∇ℒ(0) for short times, the least-squares solution for long ones', () => {
    const early = earlyStopped(X, Y, 2, 4, 1, 1e-12);
    // Xᵀy = (1, 4, 6, 1); the next term is smaller by tλ_max.
    assert.ok(largestDifference(early.point, [1e-12, 4e-12, 6e-12, 1e-12]) < 1e-22);
    const late = earlyStopped(X, Y, 2, 4, 1, 1e6);
    assert.ok(largestDifference(late.point, LIMIT) < 1e-15);
    for (const { certificate } of [early, late]) assert.ok(certificate.value < 1e-13, certificate.says);
  });

  it('leaves alone what no sample sees: repeated rows, equal columns, a column of zeros', () => {
    const x = Float64Array.of(1, 1, 0, 1, 1, 0, 2, 2, 0);
    // One direction (1, 1)/√2 of λ = 12, its limit √2·7/12: w = (7/12)(1 − e^(−12t)) in both.
    const { point, certificate, eigenvalues } = earlyStopped(x, Float64Array.of(1, 2, 2), 3, 3, 1, 0.05);
    const expected = (-7 / 12) * Math.expm1(-0.6);
    assert.ok(Math.abs(eigenvalues[0] - 12) < 1e-13);
    assert.ok(largestDifference(point, [expected, expected, 0]) < 1e-15, String(point));
    assert.ok(certificate.value < 1e-13, certificate.says);
  });

  it('is 0 where nothing pulls: no targets, or inputs of 0', () => {
    for (const [x, y] of [
      [X, new Float64Array(2)],
      [new Float64Array(8), Y],
    ]) {
      const { point, certificate } = earlyStopped(x, y, 2, 4, 1, 1);
      assert.ok(point.every((value) => value === 0));
      assert.ok(certificate.value < 1e-13, certificate.says);
    }
  });

  it('has the objective ½c y·(y − Xw), since there ∇ℒ + Qw = 0', () => {
    const { objective } = earlyStopped(X, Y, 2, 4, 0.5, 1.5);
    const [a, b, c, d] = FLOW[1][1];
    assert.ok(Math.abs(objective - 0.25 * (1 - (a + 2 * b - d) + 2 * (2 - (b + 3 * c + d)))) < 1e-14, String(objective));
  });
});

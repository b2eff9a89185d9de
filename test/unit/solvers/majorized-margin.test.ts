import assert from 'node:assert/strict';
import { randomStream } from '../../../src/numerics/random';
import { groupNorm, majorizedMargin, nuclearNorm } from '../../../src/solvers/majorized-margin';
import { SolverError } from '../../../src/solvers/reference-problem';

describe('largest margin in a norm that quadratics majorize', () => {
  it('groups of one coordinate: the ℓ1 problem (1, 0, 0, −½), value 3/2 by scipy linprog', () => {
    const z = Float64Array.of(1, -1, 0.5, 0, 0.5, 1, 0, -1, 2, 0.3, -1, 1);
    const groups = [0, 1, 2, 3].map((j) => ({ indices: [j], weight: 1 }));
    const { point, objective, certificate } = majorizedMargin(z, 3, 4, groupNorm('ℓ1', groups));
    assert.ok(certificate.value <= 1e-12, certificate.says);
    assert.ok(Math.abs(objective - 1.5) < 1e-11);
    [1, 0, 0, -0.5].forEach((value, j) => assert.ok(Math.abs(point[j] - value) < 1e-8));
  });

  it('one group: the ℓ2 problem', () => {
    // ŵ = (3/4, 1/2) by hand from two support vectors.
    const z = Float64Array.of(1, 2, 2, -1, 4, 1, 0, 2);
    const { point } = majorizedMargin(z, 4, 2, groupNorm('ℓ2', [{ indices: [0, 1], weight: 1 }]));
    assert.ok(Math.abs(point[0] - 0.75) < 1e-12 && Math.abs(point[1] - 0.5) < 1e-12);
  });

  it('nuclear norm: 1.71321504 with singular values 1.23334, 0.47987, by cvxopt as a semidefinite program', () => {
    const x = [
      [2, 0, 0.5, 0],
      [0, 1, 0, 0.5],
      [-1, -1, 1, 0],
      [0.5, 0.5, 0, 2],
    ];
    const labels = [0, 1, 2, 0];
    const rows: number[] = [];
    x.forEach((sample, i) => {
      for (let k = 0; k < 3; k++) {
        if (k === labels[i]) continue;
        for (let c = 0; c < 3; c++) rows.push(...sample.map((value) => (c === labels[i] ? value : c === k ? -value : 0)));
      }
    });
    const { objective, certificate } = majorizedMargin(Float64Array.from(rows), 8, 12, nuclearNorm(3, 4));
    assert.ok(certificate.value <= 1e-12, certificate.says);
    assert.ok(Math.abs(objective - 1.71321504) < 1e-8);
  });

  it('random groups: certified, whatever the sizes', () => {
    const random = randomStream(7, 'groups');
    for (const [samples, sizes] of [
      [3, [1, 2, 2]],
      [8, [1, 2, 2, 2]],
      [6, [3, 1, 4, 2, 2]],
    ] as const) {
      const size = sizes.reduce((sum: number, value) => sum + value, 0);
      let next = 0;
      const groups = sizes.map((count) => ({ indices: Array.from({ length: count }, () => next++), weight: 0.5 + random.uniform() }));
      const teacher = Float64Array.from({ length: size }, () => random.gaussian());
      const z = Float64Array.from({ length: samples * size }, () => random.gaussian());
      for (let i = 0; i < samples; i++) {
        let q = 0;
        for (let j = 0; j < size; j++) q += z[i * size + j] * teacher[j];
        if (q < 0) for (let j = 0; j < size; j++) z[i * size + j] *= -1;
      }
      assert.ok(majorizedMargin(z, samples, size, groupNorm('group', groups)).certificate.value <= 1e-10);
    }
  });

  it('refuses data that cannot be separated', () => {
    assert.throws(() => majorizedMargin(Float64Array.of(1, -1), 2, 1, nuclearNorm(1, 1)), SolverError);
  });
});

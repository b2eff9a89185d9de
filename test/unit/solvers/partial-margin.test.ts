import assert from 'node:assert/strict';
import { partialMargin, type PartialMargin } from '../../../src/solvers/partial-margin';
import { SolverError } from '../../../src/solvers/reference-problem';

const solve = (z: readonly (readonly number[])[], q: readonly (readonly number[])[]): PartialMargin =>
  partialMargin(Float64Array.from(z.flat()), Float64Array.from(q.flat()), z.length, z[0].length, q[0].length);

describe('the margin of weights of which only some have a price', () => {
  it('is the plain margin where the free part helps nothing', () => {
    // w + m ≥ 1 and w − m ≥ 1: w = 1.
    const { point, objective, certificate } = solve([[1], [1]], [[1], [-1]]);
    assert.ok(Math.abs(point[0] - 1) < 1e-12 && Math.abs(objective - 1) < 1e-12);
    assert.ok(certificate.value < 1e-12, certificate.says);
  });

  it('leaves to the free part what it can do: (40, 35)/47 by hand', () => {
    // Pairs ±x with opposite labels need w·(1, .2) ≥ 1 and w·(.3, 1) ≥ 1 from the linear part; (.5, −1) is left to the form.
    const z = [
      [1, 0.2],
      [1, 0.2],
      [0.3, 1],
      [0.3, 1],
      [0.5, -1],
    ];
    const form = ([a, b]: number[]): number[] => [a * a, a * b, b * b];
    const q = z.map((row, i) => form(row).map((value) => (i === 1 || i === 3 ? -value : value)));
    const { point, certificate } = solve(z, q);
    assert.ok(Math.abs(point[0] - 40 / 47) < 1e-12 && Math.abs(point[1] - 35 / 47) < 1e-12);
    assert.ok(certificate.value < 1e-10, certificate.says);
  });

  it('agrees with an independent solver', () => {
    const z = [
      [1, 0.5],
      [0.7, -1],
      [-0.4, 1.2],
      [0.9, 0.3],
      [-0.3, 0.8],
    ];
    const q = [[-1], [0.5], [0.25], [-0.5], [0.3]];
    const { point, free, certificate } = solve(z, q);
    // scipy 1.10, SLSQP from 20 starts.
    const expected = [2.1052631579, 1.3684210526, 1.7894736842];
    [...point, ...free].forEach((value, k) => assert.ok(Math.abs(value - expected[k]) < 1e-6, `${value} ${expected[k]}`));
    assert.ok(certificate.value < 1e-10, certificate.says);
    z.forEach((row, i) => assert.ok(row[0] * point[0] + row[1] * point[1] + q[i][0] * free[0] > 1 - 1e-12));
  });

  it('needs nothing priced where the free part separates alone', () => {
    const { point, objective } = solve([[1], [-1]], [[1], [2]]);
    assert.equal(objective, 0);
    assert.equal(point[0], 0);
  });

  it('says where nothing separates', () => {
    assert.throws(
      () => solve([[1], [-1]], [[1], [-1]]),
      (error) => error instanceof SolverError && error.reason === 'infeasible',
    );
  });
});

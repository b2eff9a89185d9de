import assert from 'node:assert/strict';
import type { LinearProgram, LinearProgramAnswer, LinearProgramSolver } from '../../../src/solvers/reference-problem';
import { loadLinearProgramSolver } from '../../../src/worker/highs';

const program = (cost: number[], matrix: number[][], rhs: number[]): LinearProgram => ({
  cost: Float64Array.from(cost),
  matrix: Float64Array.from(matrix.flat()),
  rhs: Float64Array.from(rhs),
  rows: matrix.length,
  columns: cost.length,
});

// Feasibility is asked of a program scaled to order one with 1e-10; a basic solution of these small ones is exact to rounding.
const TOLERANCE = 1e-9;

/** Optimality of (x, ν) by weak duality alone: both feasible, equal objectives. Sizes relative to the program's own. */
function assertOptimal(problem: LinearProgram, { status, x, duals }: LinearProgramAnswer): void {
  assert.equal(status, 'optimal');
  const { cost, matrix, rhs, rows, columns } = problem;
  let primal = 0;
  let dual = 0;
  for (let j = 0; j < columns; j++) {
    let reduced = cost[j];
    let size = Math.abs(cost[j]);
    for (let i = 0; i < rows; i++) {
      reduced -= matrix[i * columns + j] * duals[i];
      size += Math.abs(matrix[i * columns + j] * duals[i]);
    }
    assert.ok(reduced >= -TOLERANCE * size, `reduced cost of column ${j}: ${reduced}`);
    assert.ok(x[j] >= 0, `x[${j}] = ${x[j]}`);
    primal += cost[j] * x[j];
  }
  for (let i = 0; i < rows; i++) {
    let activity = 0;
    let size = Math.abs(rhs[i]);
    for (let j = 0; j < columns; j++) {
      activity += matrix[i * columns + j] * x[j];
      size += Math.abs(matrix[i * columns + j] * x[j]);
    }
    assert.ok(Math.abs(activity - rhs[i]) <= TOLERANCE * size, `row ${i}: ${activity} is not ${rhs[i]}`);
    dual += rhs[i] * duals[i];
  }
  assert.ok(Math.abs(primal - dual) <= TOLERANCE * Math.max(Math.abs(primal), Math.abs(dual)), `${primal} is not ${dual}`);
}

describe('linear programs by HiGHS', () => {
  let solver: LinearProgramSolver;
  before(async () => {
    solver = await loadLinearProgramSolver();
  });

  it('gives the point and the duals of a program solved by hand', () => {
    // min −3a − 5b s.t. a ≤ 4, 2b ≤ 12, 3a + 2b ≤ 18 with slacks (Hillier & Lieberman's Wyndor Glass):
    // a = 2, b = 6, value −36; shadow prices 0, 3/2, 1, negative here because the sense is min.
    const wyndor = program(
      [-3, -5, 0, 0, 0],
      [
        [1, 0, 1, 0, 0],
        [0, 2, 0, 1, 0],
        [3, 2, 0, 0, 1],
      ],
      [4, 12, 18],
    );
    const answer = solver.solve(wyndor);
    assertOptimal(wyndor, answer);
    assert.deepEqual([...answer.x], [2, 6, 2, 0, 0]);
    [0, -1.5, -1].forEach((dual, row) => assert.ok(Math.abs(answer.duals[row] - dual) < 1e-14));
  });

  it('finds the least ℓ1 norm: the coefficient that is paid least for', () => {
    // min ‖w‖₁ s.t. 1·w1 + 2·w2 = 3, w = p − q: w = (0, 3/2), value 3/2, dual 1/2.
    const basisPursuit = program([1, 1, 1, 1], [[1, 2, -1, -2]], [3]);
    const answer = solver.solve(basisPursuit);
    assertOptimal(basisPursuit, answer);
    assert.deepEqual([...answer.x], [0, 1.5, 0, 0]);
    assert.equal(answer.duals[0], 0.5);
  });

  it('certifies degenerate programs', () => {
    // Beale's (1955) cycling example: value −1/20 at x1 = 1/25, x3 = 1 (Chvátal 1983, chapter 3).
    const beale = program(
      [-0.75, 150, -0.02, 6, 0, 0, 0],
      [
        [0.25, -60, -0.04, 9, 1, 0, 0],
        [0.5, -90, -0.02, 3, 0, 1, 0],
        [0, 0, 1, 0, 0, 0, 1],
      ],
      [0, 0, 1],
    );
    const answer = solver.solve(beale);
    assertOptimal(beale, answer);
    assert.ok(Math.abs(answer.x[0] - 0.04) < 1e-15 && answer.x[2] === 1);
    // Redundant rows: the same constraint twice; the duals may share the price as they like.
    const redundant = program(
      [1, 2],
      [
        [1, 1],
        [2, 2],
      ],
      [1, 2],
    );
    assertOptimal(redundant, solver.solve(redundant));
    // b = 0: the origin is the only candidate.
    const origin = program([1, 1], [[1, -1]], [0]);
    assertOptimal(origin, solver.solve(origin));
  });

  it('tells infeasible from unbounded', () => {
    assert.equal(solver.solve(program([1], [[1]], [-1])).status, 'infeasible');
    assert.equal(
      solver.solve(
        program(
          [1, 1],
          [
            [1, 1],
            [1, 1],
          ],
          [1, 2],
        ),
      ).status,
      'infeasible',
    );
    assert.equal(solver.solve(program([-1, 0], [[1, -1]], [1])).status, 'unbounded');
    // Both: no point at all, and a ray along which the cost falls.
    assert.equal(solver.solve(program([1, -1], [[1, 0]], [-1])).status, 'infeasible');
  });

  it('is exact for programs of any magnitude', () => {
    for (const unit of [1e-12, 1e-6, 1, 1e6, 1e12]) {
      const scaled = program([1 * unit, 1 * unit, 1 * unit, 1 * unit], [[1e-7, 2e-7, -1e-7, -2e-7]], [3 / unit]);
      const answer = solver.solve(scaled);
      assertOptimal(scaled, answer);
      assert.ok(Math.abs(answer.x[1] / (1.5e7 / unit) - 1) < 1e-14, `unit ${unit}`);
    }
  });

  it('agrees with weak duality on 40 random basis pursuits', () => {
    let state = 12345;
    // Park & Miller's minimal standard generator, so that the numbers are the same everywhere.
    const random = (): number => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
    for (let round = 0; round < 40; round++) {
      const rows = 1 + (round % 8);
      const features = rows + 1 + (round % 11);
      const half = Array.from({ length: rows }, () => Array.from({ length: features }, random));
      const problem = program(
        new Array<number>(2 * features).fill(1),
        half.map((row) => [...row, ...row.map((value) => -value)]),
        Array.from({ length: rows }, random),
      );
      assertOptimal(problem, solver.solve(problem));
    }
  });

  it('answers the same twice, bit for bit', () => {
    const problem = program(
      [1, 1, 1, 1, 1, 1],
      [
        [0.3, 0.7, -0.2, -0.3, -0.7, 0.2],
        [0.1, -0.4, 0.9, -0.1, 0.4, -0.9],
      ],
      [1, 1],
    );
    assert.deepEqual(solver.solve(problem), solver.solve(problem));
  });

  it('refuses numbers that are none, rather than crash', () => {
    assert.equal(solver.solve(program([1], [[Number.NaN]], [1])).status, 'failed');
  });
});

import assert from 'node:assert/strict';
import { entriesData } from '../../../src/data/matrix-data';
import { completionData, sensingData } from '../../../src/data/random-matrix';
import { minimumNuclearNorm } from '../../../src/solvers/nuclear-norm';
import { SolverError } from '../../../src/solvers/reference-problem';

/** W13 = 1, W14 = W23 = R of a symmetric 4 × 4 matrix, both triangles. */
const fourByFour = (r: number): ReturnType<typeof entriesData> =>
  entriesData({
    kind: 'entries',
    rows: 4,
    columns: 4,
    entries: [
      [0, 2, 1],
      [2, 0, 1],
      [0, 3, r],
      [3, 0, r],
      [1, 2, r],
      [2, 1, r],
    ],
  });

describe('least nuclear norm', () => {
  for (const r of [1.5, 2, 3]) {
    it(`positive semidefinite 4 × 4 with R = ${r}: trace 4R, by hand`, () => {
      // min tr W = 2 min_x ‖[[1, R], [R, x]]‖_* = 4R at x = 1.
      const { point, objective, certificate } = minimumNuclearNorm(fourByFour(r), { psd: true });
      assert.ok(Math.abs(objective - 4 * r) < 1e-9, String(objective));
      assert.ok(certificate.value <= 1e-10, certificate.says);
      const expected = [r, 1, 1, r, 1, r, r, 1, 1, r, r, 1, r, 1, 1, r];
      // First-order methods know the objective better than the point: a gap of 10⁻¹¹ leaves its root in the entries.
      point.forEach((value, k) => assert.ok(Math.abs(value - expected[k]) < 1e-5, `${k}: ${value}`));
    });
  }

  it('2 × 2 with w12 = w21 = 1, w22 = 0: √(w11² + 4) is least at w11 = 0', () => {
    const data = entriesData({
      kind: 'entries',
      rows: 2,
      columns: 2,
      entries: [
        [0, 1, 1],
        [1, 0, 1],
        [1, 1, 0],
      ],
    });
    const { point, objective, certificate } = minimumNuclearNorm(data);
    assert.ok(Math.abs(objective - 2) < 1e-10 && Math.abs(point[0]) < 1e-5, `${objective} ${point[0]}`);
    assert.ok(certificate.value <= 1e-10);
  });

  it('finds the matrix of rank 2 from many entries, with a gap of 10⁻⁸ on 60 × 60', () => {
    const data = completionData({ kind: 'completion', rows: 60, columns: 60, rank: 2, observed: 2000, symmetric: false }, 4);
    const { point, certificate } = minimumNuclearNorm(data, { gap: 1e-8 });
    assert.ok(certificate.value <= 1e-8, certificate.says);
    const { truth } = data;
    assert.ok(truth);
    const error = Math.hypot(...point.map((value, k) => value - truth[k])) / Math.hypot(...truth);
    assert.ok(error < 1e-6, String(error));
  });

  it('sees through general measurements, rectangular and positive semidefinite', () => {
    const rectangular = sensingData(
      { kind: 'sensing', rows: 6, columns: 8, rank: 1, measurements: 40, ensemble: 'gaussian', symmetric: false },
      5,
    );
    assert.ok(Math.abs(minimumNuclearNorm(rectangular).objective - 1) < 1e-8);
    const psd = sensingData({ kind: 'sensing', rows: 8, columns: 8, rank: 1, measurements: 25, ensemble: 'gaussian', symmetric: true }, 6);
    const answer = minimumNuclearNorm(psd, { psd: true });
    assert.ok(Math.abs(answer.objective - 1) < 1e-8 && answer.certificate.value <= 1e-10, answer.certificate.says);
  });

  it('refuses measurements that contradict each other', () => {
    const data = entriesData({
      kind: 'entries',
      rows: 2,
      columns: 2,
      entries: [
        [0, 1, 1],
        [1, 0, 2],
      ],
    });
    assert.throws(() => minimumNuclearNorm(data, { psd: true }), SolverError);
  });
});

import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'arora-2019-deep-matrix';

function completion(depth: number, init: ExperimentInput['init'], change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: { kind: 'completion', rows: 4, columns: 4, rank: 1, observed: 9 },
    model: { kind: 'matrix-factorization', depth },
    init,
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    seed: 3,
    ...change,
  };
}

describe('Arora et al. 2019: singular values of deep matrix factorizations', () => {
  for (const depth of [2, 3, 4]) {
    it(`${depth} factors from a balanced start: both equations hold along the run`, async () => {
      const report = await reportOf(completion(depth, { kind: 'balanced', scale: 0.5 }, { stop: { time: 100 } }));
      assert.equal(report.verdict.result, RESULT);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.ok((report.verdict.value ?? 1) < 1e-6, report.verdict.says);
      assert.ok(report.trajectory['balanceDrift'] === undefined);
      assert.ok(report.measures['imbalance'] < 1e-7);
    });
  }

  it('rectangular matrices, and W = UUᵀ at twice the speed', async () => {
    const data = { kind: 'completion' as const, rows: 5, columns: 3, rank: 1, observed: 9 };
    const rectangular = await reportOf(completion(3, { kind: 'balanced', scale: 0.5 }, { data, stop: { time: 50 } }));
    assert.equal(rectangular.verdict.outcome, 'agrees', rectangular.verdict.says);
    const tied = await reportOf(
      completion(
        2,
        { kind: 'gaussian', scale: 0.5 },
        {
          model: { kind: 'matrix-factorization', symmetric: true },
          data: { kind: 'completion', rows: 4, columns: 4, rank: 1, observed: 9, symmetric: true },
          stop: { time: 50 },
          record: { measures: ['endToEndError', 'singularValueError'] },
        },
      ),
    );
    assert.ok(Math.max(...tied.trajectory['endToEndError']) < 1e-10, String(Math.max(...tied.trajectory['endToEndError'])));
  });

  it('a run that waits at a saddle: its velocity is what the cancelling of its terms leaves, and no disagreement', async () => {
    // Rank 1 fits all but 0.509 of the loss (greedy low-rank learning), and one column cannot leave that.
    const entries: [number, number, number][] = [[0, 0, 10], [0, 1, 3], [1, 0, 3], [1, 1, 2], [1, 2, 0.4], [2, 1, 0.4], [2, 2, 0.3]]; // prettier-ignore
    const report = await reportOf({
      seed: 1,
      data: { kind: 'entries', rows: 3, columns: 3, entries },
      model: { kind: 'matrix-factorization', symmetric: true, width: 1 },
      init: { kind: 'gaussian', scale: 1e-6 },
      loss: { kind: 'square', reduction: 'sum' },
      optimizer: { kind: 'gradient-flow' },
    });
    assert.ok(Math.abs(report.solution.loss - 0.5092) < 1e-4, String(report.solution.loss));
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
  });

  it('singular values that are zero but for rounding have no law of their own', async () => {
    // UUᵀ with all entries of U equal is of rank one.
    const report = await reportOf(
      completion(
        2,
        { kind: 'constant', scale: 4.8 },
        {
          model: { kind: 'matrix-factorization', symmetric: true },
          data: { kind: 'completion', rows: 3, columns: 3, rank: 1, observed: 4, symmetric: true },
          loss: 'square',
          seed: 994,
        },
      ),
    );
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok((report.verdict.value ?? 1) < 1e-8, report.verdict.says);
  });

  /** scipy's DOP853 on the end-to-end equation itself, matrix powers by eigh, from W(0) = 2⁻ᵏ I to t = 2. */
  const AT_TWO: readonly (readonly [number, readonly number[]])[] = [
    [2, [1.037840904, 1.970262297, -0.037482153, -0.341912858, 0.518014546, 0.906725659, 1.97705287, 1.086213939, -1.008436103]],
    [3, [1.041788855, 1.982194297, -0.264523814, -0.381121543, 0.464942168, 0.84705988, 1.972417587, 2.237504518, -1.022019379]],
  ];
  for (const [depth, expected] of AT_TWO) {
    it(`${depth} factors: the product is where the end-to-end equation takes it`, async () => {
      const data = {
        kind: 'entries' as const,
        rows: 3,
        columns: 3,
        entries: [
          [0, 0, 1],
          [0, 1, 2],
          [1, 1, 0.5],
          [1, 2, 1],
          [2, 0, 2],
          [2, 2, -1],
        ],
      };
      const report = await reportOf(completion(depth, { kind: 'identity', scale: 0.5 }, { data, stop: { time: 2 } }));
      // The run ends at the first step beyond t = 2, which is a fraction of a percent long; W moves by less than 0.3 a unit of time there.
      const late = report.measures['time'] - 2;
      assert.ok(late >= 0 && late < 0.05, String(late));
      (report.solution.predictor ?? []).forEach((value, k) =>
        assert.ok(Math.abs(value - expected[k]) < 1e-7 + 0.5 * late, `${k}: ${value}`),
      );
    });
  }

  it('more factors, lower rank, and not the least nuclear norm', async () => {
    const ranks: number[] = [];
    const norms: number[] = [];
    let least = 0;
    for (const depth of [1, 2, 3]) {
      const report = await reportOf(
        completion(depth, { kind: 'identity', scale: Math.pow(1e-4, 1 / depth) }, { compare: ['nuclear'], expect: { verdict: 'agrees' } }),
      );
      ranks.push(report.measures['effectiveRank']);
      norms.push(report.measures['nuclearNorm']);
      least = report.references[0].objective;
      assert.ok(report.references[0].certificate.value <= 1e-10);
    }
    assert.ok(ranks[2] < ranks[1] && ranks[1] < ranks[0], ranks.join(', '));
    assert.ok(norms[2] > least * (1 + 1e-6), `${norms[2]} and ${least}`);
  });

  it('without balance the equations are wrong by the order of one, and the prediction is withdrawn', async () => {
    const report = await reportOf(completion(3, { kind: 'gaussian', scale: 0.7 }, { stop: { time: 5 } }));
    assert.deepEqual(failing(prediction(report, RESULT)), ['a balanced start: Wⱼ₊₁ᵀWⱼ₊₁ = WⱼWⱼᵀ']);
    assert.ok(Math.max(...report.trajectory['endToEndError']) > 0.1);
  });

  it('one factor keeps what is not observed where it started', async () => {
    const report = await reportOf(completion(1, { kind: 'identity', scale: 0.25 }));
    assert.deepEqual(failing(prediction(report, RESULT)), ['two factors or more']);
    const predictor = report.solution.predictor ?? [];
    // Off the diagonal the start is 0, and seven of sixteen entries are not observed.
    assert.ok(predictor.some((value) => value === 0));
  });
});

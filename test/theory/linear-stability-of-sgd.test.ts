import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { UNEVEN, UNIT_ROWS } from '../unit/solvers/stability-samples';
import { judging } from './judging';
import { failing, prediction, reportOf } from './lab';

const EXACT = 'mulayoff-2024-mean-square';
const TYPICAL = 'chemnitz-engel-2025-lyapunov';
const CONTRACTION = 'wu-2018-contraction';
const FROBENIUS = 'wu-2022-frobenius';
const TRACE = 'wu-su-2023-trace';

type Sampling = 'with-replacement' | 'without-replacement' | 'shuffle';

function run(
  result: string,
  stepSize: number,
  batchSize: number,
  change: Partial<ExperimentInput> & { x?: readonly (readonly number[])[]; steps?: number; sampling?: Sampling } = {},
): ExperimentInput {
  const { x = UNEVEN, steps = 3000, sampling = 'without-replacement', ...rest } = change;
  return {
    data: { kind: 'inline', x: x.map((row) => [...row]), y: x.map(() => 0) },
    model: { kind: 'linear' },
    init: { kind: 'explicit', parameters: [[1, 1, 1, 1]] },
    loss: 'square',
    optimizer: { kind: 'sgd', stepSize, batchSize, sampling },
    stop: { steps },
    record: { points: steps + 1, spacing: 'linear' },
    expect: { verdict: 'agrees', result },
    ...rest,
  };
}

describe('Mulayoff & Michaeli 2024: the exact threshold in mean square', () => {
  it('a run in the band where s ≤ 1/(η√p) fails is stable, as the exact law says', async () => {
    const report = await reportOf(run(EXACT, 0.249, 2));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    // numpy: η* = 0.25037, 1/(√p s) = 0.24557.
    assert.match(prediction(report, EXACT).symbol, /η\* = 0\.25/);
    assert.match(report.verdict.says, /stable in mean square\. The condition s ≤ 1\/\(η√p\) of Wu, Ma and E is violated/);
    assert.deepEqual(
      report.figures.map(({ id }) => id),
      ['mean-and-run', 'mean-square-threshold'],
    );
  });

  it('a run that settles shows that second moments grow', async () => {
    const report = await reportOf(run(EXACT, 0.2, 1));
    assert.equal(report.outcome, 'converged');
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.match(report.verdict.says, /unstable in mean square.*This run itself shrank/);
  });

  it('a run that diverges is judged, with other seeds and with a summed loss', async () => {
    for (const seed of [1, 2, 3]) {
      const report = await reportOf(run(EXACT, 0.4 / 20, 1, { seed, loss: { kind: 'square', reduction: 'sum' } }));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    }
  });

  it('gradient descent as a batch of all samples: the factor is exact', async () => {
    const report = await reportOf(run(EXACT, 0.6, 20, { steps: 300 }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok((report.verdict.value ?? 1) < 1e-6);
  });

  it('a run that grows otherwise disagrees', async () => {
    const { trained, judge } = await judging(run(EXACT, 0.2, 1, { steps: 600 }));
    assert.equal(judge({}).outcome, 'agrees', judge({}).says);
    const faster = trained.trajectory['lawSize'].map((size, k) => size * Math.pow(1.25, k));
    const verdict = judge({ trajectory: { ...trained.trajectory, lawSize: faster } });
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });

  it('says how to record where single steps are missing', async () => {
    const report = await reportOf(run(EXACT, 0.2, 1, { record: { points: 50 } }));
    assert.equal(report.verdict.outcome, 'inconclusive');
    assert.match(report.verdict.says, /Record every step/);
  });
});

describe('Chemnitz & Engel 2025: what a typical run does', () => {
  for (const [name, stepSize, batchSize, sign] of [
    ['settles beyond the threshold in mean square', 0.2, 1, -1],
    ['leaves above the almost sure threshold', 0.36, 1, 1],
  ] as const) {
    it(name, async () => {
      const report = await reportOf(run(TYPICAL, stepSize, batchSize));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.match(report.verdict.says, sign < 0 ? /typical runs settle\. Second moments grow/ : /typical runs leave/);
    });
  }

  it('settles where gradient descent does not', async () => {
    const report = await reportOf(run(TYPICAL, 0.655, 5));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.match(report.verdict.says, /Gradient descent would not settle/);
  });

  it('another rate disagrees', async () => {
    const { trained, judge } = await judging(run(TYPICAL, 0.2, 1));
    const lawSize = trained.trajectory['lawSize'].map((size, k) => size * Math.exp(0.08 * k));
    assert.equal(judge({ trajectory: { ...trained.trajectory, lawSize } }).outcome, 'disagrees');
  });
});

describe('Wu, Ma & E 2018; Wu, Wang & Su 2022; Wu & Su 2023: simpler bounds', () => {
  it('contraction: applies up to 0.2237, then says that it is only sufficient', async () => {
    const report = await reportOf(run(CONTRACTION, 0.22, 2));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    const above = await reportOf(run(CONTRACTION, 0.24, 2, { steps: 20 }));
    const { applies, conditions } = prediction(above, CONTRACTION);
    assert.equal(applies, false);
    assert.match(
      conditions.map(({ because }) => because).join(),
      /sufficient only: the exact threshold is 0\.2504, so this step is stable/,
    );
  });

  it('contraction: growth disagrees', async () => {
    const { trained, judge } = await judging(run(CONTRACTION, 0.22, 2));
    const lawSize = trained.trajectory['lawSize'].map((size, k) => size * Math.pow(1.1, k));
    assert.equal(judge({ trajectory: { ...trained.trajectory, lawSize } }).outcome, 'disagrees');
  });

  it('Frobenius: the mean loss grows by at least the factor of the bound, below and above it', async () => {
    for (const stepSize of [0.25, 0.45]) {
      const report = await reportOf(run(FROBENIUS, stepSize, 1, { sampling: 'with-replacement' }));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.match(report.verdict.says, stepSize > 0.3788 ? /excluded/ : /allowed, which does not make it stable/);
    }
  });

  it('Frobenius: a loss that falls where it must grow disagrees', async () => {
    const { trained, judge } = await judging(run(FROBENIUS, 0.45, 1, { sampling: 'with-replacement' }));
    const loss = trained.trajectory['loss'].map((_, k) => Math.pow(0.99, k));
    assert.equal(judge({ trajectory: { ...trained.trajectory, loss } }).outcome, 'disagrees');
  });

  it('trace: from both sides for unit vectors, where 2/tr H = 2 is exact', async () => {
    for (const stepSize of [1.7, 2.3]) {
      const report = await reportOf(run(TRACE, stepSize, 1, { x: UNIT_ROWS }));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    }
    // Uneven rows: 2/tr H = 0.3786, η* = 0.1463. Between them the bound allows what is unstable.
    const between = await reportOf(run(TRACE, 0.2, 1));
    assert.equal(between.verdict.outcome, 'inconclusive', between.verdict.says);
    assert.match(between.verdict.says, /necessary, not sufficient/);
  });

  it('trace: second moments that fall at a minimum that it excludes disagree', async () => {
    const { trained, judge } = await judging(run(TRACE, 2.3, 1, { x: UNIT_ROWS }));
    const lawSize = trained.trajectory['lawSize'].map((size, k) => size * Math.pow(0.8, k));
    assert.equal(judge({ trajectory: { ...trained.trajectory, lawSize } }).outcome, 'disagrees');
  });

  it('trace: withdrawn for batches of two, where the minimum that it would exclude is stable', async () => {
    const report = await reportOf(run(EXACT, 2.5, 2, { x: UNIT_ROWS }));
    assert.deepEqual(failing(prediction(report, TRACE)), ['batches of one sample']);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.match(report.verdict.says, /: stable in mean square/);
  });
});

describe('Linear stability of SGD: what withdraws the predictions', () => {
  const noisy = UNEVEN.map((row, i) => row[0] + (i % 2 === 0 ? 0.3 : -0.3));
  const withdrawn: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['an epoch of a shuffle', run(EXACT, 0.2, 1, { sampling: 'shuffle' }), /drawn independently/],
    [
      'noise that no fit takes up',
      run(EXACT, 0.2, 1, { data: { kind: 'inline', x: UNEVEN.map((row) => [...row]), y: noisy } }),
      /fits every sample/,
    ],
    ['a start at the minimum', run(EXACT, 0.2, 1, { init: { kind: 'zero' } }), /fits every sample/],
    [
      'a network far from its minimum',
      run(EXACT, 0.01, 1, {
        data: { kind: 'teacher', samples: 10, features: 2, model: { kind: 'network', widths: [3], activation: 'tanh' } },
        model: { kind: 'network', widths: [1], activation: 'tanh' },
        init: { kind: 'explicit', parameters: [[0.1, 0.1], [0.1]] },
      }),
      /fits every sample/,
    ],
    [
      'more directions than are followed',
      run(EXACT, 0.001, 1, { data: { kind: 'sparse-regression', samples: 80, features: 90 }, init: { kind: 'zero' } }),
      /few enough/,
    ],
  ];
  for (const [what, experiment, text] of withdrawn) {
    it(what, async () => {
      const report = await reportOf({ ...experiment, stop: { steps: 20 } });
      for (const result of [EXACT, TYPICAL, CONTRACTION, FROBENIUS, TRACE]) {
        assert.ok(
          failing(prediction(report, result)).some((condition) => text.test(condition)),
          result,
        );
      }
    });
  }

  it('gradient descent, another loss, a network from a random start: no word of it', async () => {
    const { data, model, init } = run(EXACT, 0.2, 1);
    const others: readonly ExperimentInput[] = [
      { data, model, init, loss: 'square', optimizer: { kind: 'gradient-descent', stepSize: 0.1 } },
      { data: { kind: 'xor' }, model: { kind: 'network' }, loss: 'square', optimizer: { kind: 'sgd', stepSize: 0.1 } },
    ];
    for (const other of others) {
      const report = await reportOf({ ...other, stop: { steps: 10 } });
      assert.ok(report.predictions.every(({ result }) => result !== EXACT && result !== TRACE));
    }
  });
});

import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import type { RunEvent } from '../../src/protocol/compute';
import type { Figure } from '../../src/protocol/report';
import { runExperiment } from '../../src/study/run';
import { nodeEnvironment } from '../../src/worker/environment';
import { judging } from './judging';
import { failing, largestDifference, prediction, reportOf } from './lab';

const STATIONARY = 'gunasekar-2018-diagonal';
const GLOBAL = 'moroshko-2020-l1-margin';

const THREE_POINTS = {
  kind: 'inline' as const,
  x: [
    [1, -1, 0.5, 0],
    [0.5, 1, 0, -1],
    [2, 0.3, -1, 1],
  ],
  y: [1, 1, 1],
};

function diagonal(change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: THREE_POINTS,
    model: { kind: 'diagonal', tied: false },
    loss: { kind: 'exponential', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    init: { kind: 'gaussian', scale: 1 },
    seed: 1,
    ...change,
  };
}

/** Predictor scaled to smallest margin 1. */
function atMarginOne(predictor: readonly number[] | null, x: readonly (readonly number[])[]): number[] {
  assert.ok(predictor);
  const smallest = Math.min(...x.map((row) => row.reduce((sum, value, j) => sum + value * predictor[j], 0)));
  return predictor.map((value) => value / smallest);
}

describe('Moroshko et al. 2020: depth 2 and the ℓ1 margin', () => {
  for (const tied of [false, true]) {
    for (const loss of ['exponential', 'logistic'] as const) {
      it(`${tied ? 'tied' : 'untied'}, ${loss}: (1, 0, 0, −1/2), ℓ1 margin 2/3`, async () => {
        const report = await reportOf(diagonal({ model: { kind: 'diagonal', tied }, loss }));
        assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
        assert.equal(report.verdict.result, GLOBAL);
        // scipy linprog (HiGHS): value 3/2, unique, multipliers (½, 1, 0).
        assert.ok(Math.abs(report.references[0].objective - 1.5) < 1e-10);
        assert.ok(largestDifference(atMarginOne(report.solution.predictor, THREE_POINTS.x), [1, 0, 0, -0.5]) < 1e-3);
        // Margin in parameters: 1/‖β‖₁ tied, 1/(2‖β‖₁) untied.
        const best = tied ? 2 / 3 : 1 / 3;
        assert.ok(Math.abs(report.measures['parameterMargin'] / best - 1) <= 1e-4, String(report.measures['parameterMargin']));
      });
    }
  }

  it('compares margins where many predictors are optimal', async () => {
    // linprog gives e₁, the flow another point of the face: both have ℓ1 margin 1.
    const data = {
      kind: 'inline' as const,
      x: [
        [2, 1, 0, -0.5],
        [2, 0, 1, 0.7],
        [1, 1, 1, 0.2],
      ],
      y: [1, 1, 1],
    };
    const report = await reportOf(diagonal({ data }));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(Math.abs(report.references[0].objective - 1) < 1e-10);
  });

  it('a small start, seen too early, is inconclusive', async () => {
    const report = await reportOf(
      diagonal({ model: { kind: 'diagonal' }, init: { kind: 'constant', scale: 0.01 }, stop: { logLoss: -1e4 } }),
    );
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('a flow that waits at a saddle for decades of ln ℒ is no disagreement, whether or not its margin moves', async () => {
    // (4/3, 1/3, 0, 0) is stationary with nine tenths of the largest margin, and multipliers that reach 4/3 (vertex enumeration, numpy).
    const report = await reportOf(diagonal({ seed: 2, init: { kind: 'gaussian', scale: 0.1 } }));
    assert.equal(report.verdict.result, GLOBAL);
    assert.ok(Math.abs((report.verdict.value ?? 0) - 0.1) < 0.005, report.verdict.says);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    assert.match(report.verdict.says, /hardly closing/);
    // The same run, if it had been far from every stationary point all the time: then its margin would have had to rise.
    const { trained, judge } = await judging(diagonal({ seed: 2, init: { kind: 'gaussian', scale: 0.1 } }));
    const constant = (name: string, value: number): Record<string, number[]> => ({
      [name]: trained.trajectory['logLoss'].map(() => value),
    });
    const still = { ...constant('kktResidual', 0.3), ...constant('smoothedMargin', 0.3), ...constant('parameterMargin', 0.3) };
    const verdict = judge({ trajectory: { ...trained.trajectory, ...still } });
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });

  it('a slow change of coordinates is no disagreement', async () => {
    // At a thousand times the accuracy the flow is the same: 1.2 % below at ln ℒ = −10⁸, 0.8 % at −10¹⁰.
    const report = await reportOf({
      data: { kind: 'separable', samples: 20, features: 8 },
      model: { kind: 'diagonal' },
      loss: 'logistic',
      optimizer: { kind: 'gradient-flow' },
      seed: 1,
    });
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });

  it('withdrawn where a coordinate is stuck; the stationary point that is reached is shown not to be optimal', async () => {
    const report = await reportOf(
      diagonal({
        data: { kind: 'inline', x: [[1, 2]], y: [1] },
        init: {
          kind: 'explicit',
          parameters: [
            [1, 1],
            [1, -1],
          ],
        },
      }),
    );
    assert.deepEqual(failing(prediction(report, GLOBAL)), ['|w₁_j| ≠ |w₂_j| at the start, for every j']);
    assert.equal(report.verdict.result, STATIONARY);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    // β → (1, 0) by hand, margin in parameters ½ of the largest, 1: multiplier 1, (Zᵀλ) = (1, 2).
    assert.match(report.verdict.says, /not the global optimum: its ℓ1 margin is 0.5 of the largest/);
    assert.match(report.verdict.says, /max \|\(Zᵀλ\)_j\| = 2,/);
    assert.ok(Math.abs(report.measures['parameterMargin'] - 0.5) < 1e-6);
    // The picture has both levels: β = (0, ½) with ℓ1 margin 2, and (1, 0) with 1, to which the run came.
    const figure = report.figures.find(({ id }) => id === 'stationary-vertices');
    assert.ok(figure?.kind === 'chart');
    assert.deepEqual(figure.series[0].y, [2, 1]);
    assert.ok(figure.series[1].y.every((value) => Math.abs(value - 1) < 1e-4));
  });

  it('shows while the run goes on to which of the stationary points it has come', async () => {
    const figures: Figure[] = [];
    const emit = (event: RunEvent): void => {
      if (event.type === 'figures') figures.push(...event.figures);
    };
    const source = {
      text: JSON.stringify(diagonal({ model: { kind: 'diagonal' }, init: { kind: 'constant', scale: 0.01 } })),
      path: null,
      root: null,
    };
    let time = 0;
    const environment = { ...nodeEnvironment(source, new SharedArrayBuffer(4)), watched: true, now: () => (time += 60) };
    const answer = await runExperiment(source, environment, emit);
    assert.ok(answer.type === 'report');
    const reached = figures.flatMap((figure) =>
      figure.kind === 'chart' && figure.id === 'stationary-vertices' && figure.series.length > 1 ? [figure.series[1].y[0]] : [],
    );
    assert.ok(reached.length > 1, `${reached.length} pictures on the way`);
    // (1, 0, 0, −½) has the largest ℓ1 margin, ⅔; a run on the way is below it.
    assert.ok(reached.every((value) => value < 2 / 3 + 1e-9));
    assert.match(
      figures.find(({ id }) => id === 'stationary-vertices')?.says ?? '',
      /^4 vertices are stationary, with margins 0\.6667, 0\.6, 0\.5, 0\.04575/,
    );
  });

  it('the zero start is a saddle: nothing is claimed', async () => {
    const report = await reportOf(diagonal({ init: { kind: 'zero' } }));
    assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
  });
});

describe('Gunasekar et al. 2018: diagonal networks of depth k ≥ 3', () => {
  const cases: readonly (readonly [string, Partial<ExperimentInput>, number, RegExp])[] = [
    // Normalized margins (L Σ|β|^(2/L))^(−L/2) of the vertices (2,0,0,0) and (1,0,0,−½).
    [
      'depth 3, small start: the best vertex',
      { model: { kind: 'diagonal', tied: false, depth: 3 }, init: { kind: 'gaussian', scale: 0.1 }, seed: 2 },
      0.09622504,
      /global optimum, the best of 4/,
    ],
    [
      'depth 3, large start: the second best',
      { model: { kind: 'diagonal', tied: false, depth: 3 } },
      0.09248099,
      /number 2 of 4 stationary vertices/,
    ],
  ];
  for (const [what, change, margin, says] of cases) {
    it(what, async () => {
      const report = await reportOf(diagonal(change));
      assert.equal(report.verdict.result, STATIONARY);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.match(report.verdict.says, says);
      assert.ok(Math.abs(report.measures['parameterMargin'] / margin - 1) <= 1e-4, String(report.measures['parameterMargin']));
      assert.equal(report.references[0].role, 'compared');
      assert.ok(report.references[0].certificate.value <= 1e-10);
      assert.equal(report.figures.at(0)?.id, 'stationary-vertices');
    });
  }

  it('depth 4, tied: margin (Σ|β|^½)^(−2) of (2, 0, 0, 0)', async () => {
    const report = await reportOf(
      diagonal({ model: { kind: 'diagonal', depth: 4 }, init: { kind: 'gaussian', scale: 0.3 }, stop: { logLoss: -1e10 } }),
    );
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(largestDifference(atMarginOne(report.solution.predictor, THREE_POINTS.x), [2, 0, 0, 0]) < 1e-3);
  });

  // z = (1, 1.5), all layers w₀: the winner is argmax z_j w_j(0), because u′ = u² z with its own blow-up time 1/(z u₀).
  for (const [start, winner] of [
    [[1, 0.6], 0],
    [[0.5, 0.5], 1],
  ] as const) {
    it(`one sample (1, 1.5), depth 3, start (${start.join(', ')}): coordinate ${winner + 1} wins`, async () => {
      const report = await reportOf(
        diagonal({
          data: { kind: 'inline', x: [[1, 1.5]], y: [1] },
          model: { kind: 'diagonal', tied: false, depth: 3 },
          init: { kind: 'explicit', parameters: [[...start], [...start], [...start]] },
        }),
      );
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      const [a, b] = report.solution.predictor ?? [];
      assert.ok(winner === 0 ? a > 1e3 * b : b > 1e3 * a, `${a}, ${b}`);
      assert.match(report.verdict.says, winner === 0 ? /not the global optimum/ : /global optimum, the best/);
    });
  }

  it('a symmetric start stays on the face between two vertices: stationary, no local optimum', async () => {
    const report = await reportOf(
      diagonal({
        data: { kind: 'inline', x: [[1, 1]], y: [1] },
        model: { kind: 'diagonal', tied: false, depth: 3 },
        init: { kind: 'constant', scale: 1 },
      }),
    );
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    // (3 · 2 · (½)^(2/3))^(−3/2) = 0.136083.
    assert.ok(Math.abs(report.measures['parameterMargin'] - 0.13608276) < 1e-6);
    assert.match(report.verdict.says, /no vertex: a point on a face/);
  });

  it('stopped early it is inconclusive', async () => {
    const report = await reportOf(diagonal({ model: { kind: 'diagonal', depth: 3 }, stop: { logLoss: -100 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });
});

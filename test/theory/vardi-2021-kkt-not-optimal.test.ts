/**
 * Numbers by hand: on x = (±1, ¼), y = +1, one unit w = (0, 2), v = 2 with λ = (2, 2) is a KKT point of value ½‖θ‖² = 4, margin 1/8;
 * |Σ λᵢ(a·xᵢ)₊| is largest, 2‖x₁‖ = √17/2, at a = x₁/‖x₁‖. The global optimum has one unit for each sample: 8/√17, margin √17/16.
 * The path w = (e, 2), second unit √(4e/‖x₂‖)·x₂/‖x₂‖ reaches 3.66088 at e = 0.1 and 3.95966 at e = 0.01.
 */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { examineExperiment } from '../../src/theory/catalogue';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'vardi-2021-kkt-not-optimal';
const TWO_POINTS = {
  kind: 'inline' as const,
  x: [
    [1, 0.25],
    [-1, 0.25],
  ],
  y: [1, 1],
};

function experiment(parameters: number[][], rest: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: TWO_POINTS,
    model: { kind: 'network', widths: [2] },
    init: { kind: 'explicit', parameters },
    loss: { kind: 'exponential', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    stop: { steps: 60_000 },
    expect: { verdict: 'agrees', result: RESULT },
    ...rest,
  };
}

const ONE_DEAD = [
  [0, 3, 0, -2],
  [3, -2],
];

describe('Vardi, Shamir, Srebro 2021: a KKT point that is no local optimum', () => {
  it('is exhibited: certificate √17/2, a feasible path of falling norm, the global optimum beside it', async () => {
    const report = await reportOf(experiment(ONE_DEAD));
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.equal(report.verdict.result, RESULT);
    assert.ok(Math.abs(report.measures['parameterMargin'] - 1 / 8) < 1e-4);
    const [reference] = report.references;
    assert.ok(Math.abs(reference.objective - 8 / Math.sqrt(17)) < 1e-9);
    assert.equal(reference.role, 'compared');
    const certificate = report.figures.find(({ id }) => id === 'certificate');
    assert.ok(certificate?.kind === 'chart');
    const largest = certificate.series.find(({ name }) => name === 'largest');
    assert.ok(Math.abs((largest?.y[0] ?? 0) - Math.sqrt(17) / 2) < 0.01, String(largest?.y[0]));
    const path = report.figures.find(({ id }) => id === 'descent-path');
    assert.ok(path?.kind === 'chart');
    const { x, y } = path.series[0];
    assert.ok(x.length >= 5);
    for (let k = 0; k < x.length; k++) {
      assert.ok(y[k] < 4 - 1e-4 && y[k] > 8 / Math.sqrt(17), String(y[k]));
      if (k > 0) assert.ok(x[k] < x[k - 1]);
    }
    // The path by hand, a little different from this one, falls by 0.339 at distance 0.846.
    assert.ok(Math.abs(y[0] - 3.66) < 0.02 && x[0] < 1, `${x[0]} ${y[0]}`);
  });

  it('with the logistic loss, one dimension more and a sample that carries no multiplier too', async () => {
    const x = [
      [1, 0.25, 0],
      [-1, 0.25, 0],
      [0.5, 2, 0.3],
    ];
    const start = [
      [0, 3, 0, 0, -2, 0],
      [3, -2],
    ];
    const report = await reportOf(
      experiment(start, { data: { kind: 'inline', x, y: [1, 1, 1] }, loss: 'logistic', stop: { steps: 150_000 } }),
    );
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.match(report.verdict.says, /= 2.06/);
  });

  it('an idle unit that would save nothing: the limit is certified optimal and the result says so', async () => {
    const data = { kind: 'inline' as const, x: [[1, 0.25]], y: [1] };
    const report = await reportOf(
      experiment(
        [
          [1, 0.3, 0, -2],
          [1, -2],
        ],
        { data },
      ),
    );
    assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
    assert.match(report.verdict.says, /nothing is lost/);
    assert.deepEqual(failing(prediction(report, RESULT)), ['switching an idle unit on would lower the norm']);
  });

  it('without an idle unit it is withdrawn, and the limit is certified optimal by the result on homogeneous networks', async () => {
    const report = await reportOf(
      experiment([
        [1, 0.5, -0.8, 1],
        [1, 1.5],
      ]),
    );
    assert.equal(report.verdict.result, 'lyu-li-2020-homogeneous');
    assert.match(report.verdict.says, /Certified: no width allows/);
    assert.ok(Math.abs(report.measures['parameterMargin'] - Math.sqrt(17) / 16) < 1e-4);
    assert.equal(prediction(report, RESULT).applies, false);
  });

  it('a direction that is no KKT point is not judged, nor an early end', async () => {
    const source = { text: JSON.stringify(experiment(ONE_DEAD)), path: null, root: null };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const examination = (await examineExperiment(ready.situation)).find(({ prediction: { result } }) => result === RESULT);
    assert.ok(examination);
    const trained = await train(ready.situation, ready.objective, null, [], environment, null);
    assert.equal(examination.judge(trained, null, []).outcome, 'agrees');
    const parameters = trained.parameters.map((value, k) => (k === 0 ? 0.2 * trained.parameters[1] : value));
    assert.equal(examination.judge({ ...trained, parameters }, null, []).outcome, 'inconclusive');
    const early = await reportOf(experiment(ONE_DEAD, { stop: { steps: 200 } }));
    assert.equal(early.verdict.outcome, 'inconclusive', early.verdict.says);
  });
});

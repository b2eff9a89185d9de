/** A verdict is worth something only if a wrong limit is called out: each judge is shown a solution that is not the predicted one. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import type { Verdict } from '../../src/protocol/report';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { examineExperiment } from '../../src/theory/catalogue';
import { nodeEnvironment } from '../../src/worker/environment';
import { FOUR_POINTS, TWO_EQUATIONS } from './lab';

/** Trains, then lets the leading result judge the run with its predictor replaced by `change(predictor)`. */
async function judgeChanged(experiment: ExperimentInput, change: (w: Float64Array) => Float64Array): Promise<Verdict> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const { ready } = await prepare(source, environment);
  assert.ok(ready);
  const { situation, objective } = ready;
  const [examination] = await examineExperiment(situation);
  const reference = await examination.solve();
  assert.ok(reference?.predictor);
  const trained = await train(situation, objective, Float64Array.from(reference.predictor), examination.measures, environment, null);
  assert.ok(trained.predictor);
  assert.equal(examination.judge(trained, reference, []).outcome, 'agrees', 'unchanged, it agrees');
  return examination.judge({ ...trained, predictor: change(trained.predictor) }, reference, []);
}

const rotated = (w: Float64Array): Float64Array => w.map((value, i) => value + (i === 0 ? 0.01 : 0) * Math.hypot(...w));

describe('a wrong limit', () => {
  const cases: readonly (readonly [string, ExperimentInput])[] = [
    ['C1, max margin', { data: FOUR_POINTS, model: { kind: 'linear' }, loss: 'logistic', optimizer: { kind: 'gradient-flow' } }],
    [
      'C1, finite minimiser',
      {
        data: {
          kind: 'inline',
          x: [
            [1, 1],
            [1, -2],
            [2, 1],
          ],
          y: [1, 1, -1],
        },
        model: { kind: 'linear' },
        loss: 'logistic',
        optimizer: { kind: 'gradient-flow' },
      },
    ],
    ['C2', { data: FOUR_POINTS, model: { kind: 'linear-network', widths: [3] }, loss: 'logistic', optimizer: { kind: 'gradient-flow' } }],
    ['C3, depth 2', { data: FOUR_POINTS, model: { kind: 'diagonal' }, loss: 'logistic', optimizer: { kind: 'gradient-flow' } }],
    [
      'C3, depth 3',
      { data: FOUR_POINTS, model: { kind: 'diagonal', depth: 3 }, loss: 'logistic', optimizer: { kind: 'gradient-flow' }, seed: 1 },
    ],
    [
      'C4',
      {
        data: FOUR_POINTS,
        model: { kind: 'linear-convolution' },
        loss: 'logistic',
        optimizer: { kind: 'gradient-flow' },
        init: { kind: 'gaussian', scale: 1 },
      },
    ],
    [
      'C12, linear',
      { data: { ...FOUR_POINTS, y: [0, 1, 0, 0] }, model: { kind: 'linear' }, loss: 'cross-entropy', optimizer: { kind: 'gradient-flow' } },
    ],
    [
      'C12, two layers',
      {
        data: { ...FOUR_POINTS, y: [0, 1, 0, 0] },
        model: { kind: 'linear-network', widths: [3] },
        loss: 'cross-entropy',
        optimizer: { kind: 'gradient-flow' },
        init: { kind: 'gaussian', scale: 0.5 },
      },
    ],
    [
      'C13, SGD',
      {
        data: FOUR_POINTS,
        model: { kind: 'linear' },
        loss: { kind: 'logistic', reduction: 'sum' },
        optimizer: { kind: 'sgd', stepSize: 0.05 },
        stop: { steps: 200_000 },
      },
    ],
    [
      'C13, momentum',
      {
        data: FOUR_POINTS,
        model: { kind: 'linear' },
        loss: 'logistic',
        optimizer: { kind: 'gradient-descent', stepSize: 0.1, momentum: 0.9 },
        stop: { steps: 100_000 },
      },
    ],
    ['C14, polynomial', { data: FOUR_POINTS, model: { kind: 'linear' }, loss: 'polynomial', optimizer: { kind: 'gradient-flow' } }],
    [
      'C14, e^(−q³)',
      { data: FOUR_POINTS, model: { kind: 'linear' }, loss: { kind: 'exponential-power', power: 3 }, optimizer: { kind: 'gradient-flow' } },
    ],
    [
      'C15, the law',
      {
        data: FOUR_POINTS,
        model: { kind: 'linear' },
        loss: 'exponential',
        optimizer: { kind: 'gradient-flow' },
        expect: { verdict: 'agrees', result: 'soudry-2018-rates' },
      },
    ],
    [
      'C15, the path',
      {
        data: FOUR_POINTS,
        model: { kind: 'linear' },
        loss: 'exponential',
        optimizer: { kind: 'gradient-flow' },
        stop: { logLoss: -100 },
        expect: { verdict: 'agrees', result: 'ji-2020-regularization-path' },
      },
    ],
    ['R1', { data: TWO_EQUATIONS, model: { kind: 'linear' }, loss: 'square', optimizer: { kind: 'gradient-flow' } }],
    ['R3', { data: TWO_EQUATIONS, model: { kind: 'diagonal' }, loss: 'square', optimizer: { kind: 'gradient-flow' } }],
  ];
  for (const [name, experiment] of cases) {
    it(`${name}: one coordinate off by a percent of the norm disagrees`, async () => {
      const verdict = await judgeChanged(experiment, rotated);
      assert.equal(verdict.outcome, 'disagrees', verdict.says);
      assert.ok((verdict.value ?? 0) > (verdict.tolerance ?? Infinity));
    });
  }

  it('C13, steepest descent in ℓ1: the ℓ2 direction disagrees, as its ℓ1 margin is below what the steps allow', async () => {
    const verdict = await judgeChanged(
      {
        data: {
          kind: 'inline',
          x: [
            [1, -1, 0.5, 0],
            [0.5, 1, 0, -1],
            [2, 0.3, -1, 1],
          ],
          y: [1, 1, 1],
        },
        model: { kind: 'linear' },
        loss: 'exponential',
        optimizer: { kind: 'steepest-descent', norm: 'l1', normalize: 'gradient', schedule: 'inverse-sqrt' },
        stop: { steps: 200_000 },
      },
      // The ℓ2 max-margin direction of the three points (cvxopt).
      () => Float64Array.of(0.891519, 0.016908, 0.250778, -0.537332),
    );
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });

  it('R3 with a finite step: a deviation that does not shrink with the step disagrees', async () => {
    const experiment: ExperimentInput = {
      data: TWO_EQUATIONS,
      model: { kind: 'diagonal' },
      loss: 'square',
      optimizer: { kind: 'gradient-descent', stepSize: 0.001 },
    };
    const source = { text: JSON.stringify(experiment), path: null, root: null };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const [examination] = await examineExperiment(ready.situation);
    const reference = await examination.solve();
    const trained = await train(ready.situation, ready.objective, null, [], environment, null);
    assert.ok(trained.predictor);
    const off = { ...trained, predictor: rotated(trained.predictor) };
    assert.equal(examination.judge(off, reference, [off]).outcome, 'disagrees');
    assert.equal(examination.companions.length, 1);
  });
});

/** A verdict is worth something only if a wrong limit is called out: each judge is shown a solution that is not the predicted one. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import type { Verdict } from '../../src/protocol/report';
import type { Trained } from '../../src/theory/result';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { trainCompanion } from '../../src/study/train-companion';
import { examineExperiment } from '../../src/theory/catalogue';
import { nodeEnvironment } from '../../src/worker/environment';
import { FOUR_POINTS, TWO_EQUATIONS } from './lab';

/** Trains, with its companions, then lets the leading result judge the run with its predictor replaced by `change(predictor)`. */
function judgeChanged(experiment: ExperimentInput, change: (w: Float64Array) => Float64Array): Promise<Verdict> {
  return judgeOther(experiment, (trained) => {
    assert.ok(trained.predictor);
    return { ...trained, predictor: change(trained.predictor) };
  });
}

/** The same with anything of the run replaced. */
async function judgeOther(experiment: ExperimentInput, change: (trained: Trained) => Trained | Promise<Trained>): Promise<Verdict> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const { ready } = await prepare(source, environment);
  assert.ok(ready);
  const { situation, objective } = ready;
  const [examination] = await examineExperiment(situation);
  const reference = await examination.solve();
  assert.ok(reference?.predictor ?? examination.withoutReference);
  const predicted = reference?.predictor ? Float64Array.from(reference.predictor) : null;
  const trained = await train(situation, objective, predicted, examination.measures, environment, null);
  const companions: Trained[] = [];
  for (const companion of examination.companions) companions.push(await trainCompanion(companion, situation, predicted, environment));
  const unchanged = examination.judge(trained, reference, companions);
  assert.equal(unchanged.outcome, 'agrees', `unchanged, it agrees: ${unchanged.says}`);
  return examination.judge(await change(trained), reference, companions);
}

async function trainedOn(experiment: ExperimentInput): Promise<Trained> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const { ready } = await prepare(source, environment);
  assert.ok(ready);
  return train(ready.situation, ready.objective, null, [], environment, null);
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
    ['A8', { data: TWO_EQUATIONS, model: { kind: 'linear' }, loss: 'square', optimizer: { kind: 'gradient-flow' }, stop: { time: 0.3 } }],
    ['R3', { data: TWO_EQUATIONS, model: { kind: 'diagonal' }, loss: 'square', optimizer: { kind: 'gradient-flow' } }],
    [
      'R7, commuting',
      {
        data: {
          kind: 'measurements',
          rows: 2,
          columns: 2,
          // Diagonal matrices commute: one equation in the two eigenvalues.
          measurements: [
            {
              a: [
                [1, 0],
                [0, 2],
              ],
              y: 2,
            },
          ],
        },
        model: { kind: 'matrix-factorization', symmetric: true },
        init: { kind: 'identity', scale: 0.1 },
        loss: 'square',
        optimizer: { kind: 'gradient-flow' },
      },
    ],
    [
      'R8',
      {
        seed: 2,
        data: { kind: 'sensing', rows: 6, columns: 6, rank: 1, measurements: 1500, symmetric: true },
        model: { kind: 'matrix-factorization', symmetric: true },
        init: { kind: 'identity', scale: 1e-5 },
        loss: 'square',
        optimizer: { kind: 'gradient-descent', stepSize: 0.05 },
        stop: { steps: 250 },
      },
    ],
    [
      'R9',
      {
        data: {
          kind: 'entries',
          rows: 2,
          columns: 2,
          entries: [
            [0, 0, 4],
            [0, 1, 1],
            [1, 0, 1],
          ],
        },
        model: { kind: 'matrix-factorization', symmetric: true },
        init: { kind: 'identity', scale: 1e-6 },
        loss: { kind: 'square', reduction: 'sum' },
        optimizer: { kind: 'gradient-flow' },
        expect: { verdict: 'agrees', result: 'li-luo-lyu-2021-greedy-low-rank' },
      },
    ],
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

  const completion: ExperimentInput = {
    seed: 3,
    data: { kind: 'completion', rows: 4, columns: 4, rank: 1, observed: 9 },
    model: { kind: 'matrix-factorization', depth: 3 },
    init: { kind: 'balanced', scale: 0.5 },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    stop: { time: 5 },
  };

  it('R10: the run of layers that are not balanced disagrees with the equations of those that are', async () => {
    const verdict = await judgeOther(completion, async () => {
      const source = { text: JSON.stringify({ ...completion, init: { kind: 'gaussian', scale: 0.7 } }), path: null, root: null };
      const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
      const { ready } = await prepare(source, environment);
      assert.ok(ready);
      return train(ready.situation, ready.objective, null, ['endToEndError', 'singularValueError'], environment, null);
    });
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });

  it('R11: an entry that stays bounded, as the least nuclear norm would have it, disagrees', async () => {
    const verdict = await judgeChanged(
      {
        data: {
          kind: 'entries',
          rows: 2,
          columns: 2,
          entries: [
            [0, 1, 1],
            [1, 0, 1],
            [1, 1, 0],
          ],
        },
        model: { kind: 'matrix-factorization', depth: 3 },
        init: { kind: 'identity', scale: Math.cbrt(1e-2) },
        loss: { kind: 'square', reduction: 'sum' },
        optimizer: { kind: 'gradient-flow' },
        stop: { loss: 1e-4 },
      },
      // Of all completions [[w, 1], [1, 0]] the one of least nuclear norm has w = 0.
      (w) => Float64Array.of(0, w[1], w[2], w[3]),
    );
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });

  const sensing: ExperimentInput = {
    seed: 1,
    data: { kind: 'sensing', rows: 4, columns: 4, rank: 1, measurements: 5, symmetric: true },
    model: { kind: 'matrix-factorization', symmetric: true },
    init: { kind: 'identity', scale: 1e-6 },
    loss: { kind: 'square', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    expect: { verdict: 'agrees', result: 'gunasekar-2017-nuclear-norm' },
  };

  it('R7, the conjecture: where a large start ends fits the data as well, and disagrees', async () => {
    const verdict = await judgeOther(sensing, async (trained) => {
      const other = await trainedOn({ ...sensing, init: { kind: 'identity', scale: 1 } });
      assert.ok(other.loss < 1e-20, 'it fits');
      return { ...trained, predictor: other.predictor, parameters: other.parameters, loss: other.loss };
    });
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });

  it('R7, the conjecture: on the counterexample the limit of the flow itself disagrees', async () => {
    // W₁₃ = 1, W₁₄ = W₂₃ = 1.5: rank 1 has trace 6.5, the least is 6 (Li, Luo and Lyu 2021).
    const entries: [number, number, number][] = [
      [0, 2, 1],
      [2, 0, 1],
      [0, 3, 1.5],
      [3, 0, 1.5],
      [1, 2, 1.5],
      [2, 1, 1.5],
    ];
    const source = {
      text: JSON.stringify({ ...sensing, data: { kind: 'entries', rows: 4, columns: 4, entries } }),
      path: null,
      root: null,
    };
    const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
    const { ready } = await prepare(source, environment);
    assert.ok(ready);
    const { situation, objective } = ready;
    const examination = (await examineExperiment(situation)).find(({ prediction }) => prediction.result === 'gunasekar-2017-nuclear-norm');
    assert.ok(examination);
    assert.equal(examination.prediction.applies, false);
    const [near, far] = await Promise.all([
      train(situation, objective, null, [], environment, null),
      trainedOn({ ...sensing, data: { kind: 'entries', rows: 4, columns: 4, entries }, init: { kind: 'identity', scale: 1e-5 } }),
    ]);
    const reference = await examination.solve();
    assert.ok(Math.abs((reference?.objective ?? 0) - 6) < 1e-8);
    const verdict = examination.judge(near, reference, [far]);
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
    assert.ok(Math.abs((verdict.value ?? 0) - 0.5 / 6) < 1e-3, verdict.says);
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
    assert.deepEqual(
      examination.companions.map(({ optimizer }) => optimizer.kind),
      ['gradient-descent', 'gradient-flow'],
    );
    const flow = await trainCompanion(examination.companions[1], ready.situation, null, environment);
    assert.ok(flow.predictor);
    // Where the flow itself is elsewhere too, the limit is wrong; where it is at the predicted one, the step is to blame.
    assert.equal(examination.judge(off, reference, [off, { ...flow, predictor: rotated(flow.predictor) }]).outcome, 'disagrees');
    assert.equal(examination.judge(off, reference, [off, flow]).outcome, 'inconclusive');
    assert.equal(examination.judge(off, reference, [off, { ...flow, outcome: 'stopped' }]).outcome, 'disagrees');
  });
});

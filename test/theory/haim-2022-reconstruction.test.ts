import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { randomStream } from '../../src/numerics/random';
import { reconstruct } from '../../src/solvers/reconstruction';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { cosinesOf, haim2022Reconstruction } from '../../src/theory/haim-2022-reconstruction';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, prediction, reportOf } from './lab';

const ID = 'haim-2022-reconstruction';

const experiment = (change: Partial<ExperimentInput> = {}): ExperimentInput => ({
  seed: 1,
  data: { kind: 'sphere', features: 10, samples: 4, labels: 'random' },
  model: { kind: 'network', widths: [100] },
  init: { kind: 'gaussian', scale: 0.1 },
  loss: 'exponential',
  optimizer: { kind: 'gradient-flow' },
  stop: { logLoss: -300 },
  expect: { verdict: 'agrees', result: ID },
  ...change,
});

async function ready(input: ExperimentInput) {
  const source = { text: JSON.stringify(input), path: null, root: null };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const prepared = await prepare(source, environment);
  assert.ok(prepared.ready);
  return { ...prepared.ready, environment };
}

describe('samples from parameters', () => {
  it('a network that is a KKT point by construction gives back its samples to rounding', () => {
    // Orthonormal u₁, u₂ with label 1, u₃ with −1; units v uᵢ and −v u₃, each active on one of them: both equations hold exactly.
    const features = 5;
    const half = Math.SQRT1_2;
    const u = [
      [half, half, 0, 0, 0],
      [half, -half, 0, 0, 0],
      [0, 0, 0.6, 0.8, 0],
    ];
    const outer = Float64Array.of(0.5, 1, 0.7, 0.3, -1.2, -0.4);
    const inner = new Float64Array(outer.length * features);
    [0, 0, 1, 1, 2, 2].forEach((i, j) =>
      inner.set(
        u[i].map((value) => Math.abs(outer[j]) * value),
        j * features,
      ),
    );
    const labels = Float64Array.of(1, 1, -1);
    const { points, residual } = reconstruct({ inner, outer, units: 6, features }, labels, 30, randomStream(0, 'test'));
    const data = { x: Float64Array.from(u.flat()), y: labels, features, samples: 3, featureNames: null, truth: null, test: null };
    for (const cosine of cosinesOf(data, points)) assert.ok(cosine > 1 - 1e-9, String(cosine));
    assert.ok(residual < 1e-5, String(residual));
  });

  it('a trained network gives back its samples, far better than chance and than its own units', async () => {
    const report = await reportOf(experiment());
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok((report.verdict.value ?? 1) < 0.05);
    assert.ok(report.figures.some(({ id }) => id === 'reconstructed-samples'));
  });

  it('of two features the samples and what was read stand on the unit circle, each sample joined to its nearest', async () => {
    const report = await reportOf({
      ...experiment(),
      seed: 3,
      data: { kind: 'sphere', features: 2, samples: 4, labels: 'random' },
      model: { kind: 'network', widths: [100] },
    });
    const figure = report.figures.find(({ id }) => id === 'reconstructed-directions');
    assert.ok(figure?.kind === 'chart' && figure.sameUnits === true);
    const [nearest, ...points] = figure.series;
    for (const { x, y } of points) for (const [k, value] of x.entries()) assert.ok(Math.abs(Math.hypot(value, y[k]) - 1) < 1e-12);
    const bars = report.figures.find(({ id }) => id === 'reconstructed-samples');
    assert.ok(bars?.kind === 'chart');
    // On the circle the inner product of the two ends is the cosine that the bars show.
    for (let i = 0; i < 4; i++) {
      const cosine = nearest.x[3 * i] * nearest.x[3 * i + 1] + nearest.y[3 * i] * nearest.y[3 * i + 1];
      assert.ok(Math.abs(cosine - bars.series[0].y[i]) < 1e-12);
    }
    const ten = await reportOf(experiment());
    assert.ok(ten.figures.every(({ id }) => id !== 'reconstructed-directions'));
  });

  it('other samples than those it was trained on are not found in it: it disagrees', async () => {
    const { situation, objective, environment } = await ready(experiment());
    const trained = await train(situation, objective, null, [], environment, null);
    const random = randomStream(7, 'others');
    const data = { ...situation.data, x: situation.data.x.map(() => random.gaussian()) };
    const examination = await haim2022Reconstruction.examine({ ...situation, data });
    const verdict = examination?.judge(trained, null, []);
    assert.equal(verdict?.outcome, 'disagrees', verdict?.says);
  });

  it('in the network at its start nothing is found: it does not agree', async () => {
    const { situation, objective, environment } = await ready(experiment());
    const trained = await train(situation, objective, null, [], environment, null);
    const examination = await haim2022Reconstruction.examine(situation);
    const verdict = examination?.judge({ ...trained, parameters: situation.start }, null, []);
    assert.equal(verdict?.outcome, 'disagrees', verdict?.says);
  });

  it('each condition can fail', async () => {
    const of = async (change: Partial<ExperimentInput>): Promise<readonly string[]> =>
      failing(prediction(await reportOf({ ...experiment(change), stop: { steps: 2 } }), ID)).filter(
        (text) => !text.startsWith('at some time'),
      );
    assert.deepEqual(await of({ model: { kind: 'network', widths: [20] } }), ['many more parameters than unknowns: 10 times']);
    assert.deepEqual(await of({ optimizer: { kind: 'adam', stepSize: 1e-3 } }), ['gradient flow']);
    assert.deepEqual(await of({ loss: 'polynomial' }), ['loss with an exponential tail']);
    const large = await of({
      data: { kind: 'sphere', features: 400, samples: 20, labels: 'random' },
      model: { kind: 'network', widths: [300] },
    });
    assert.ok(large.includes('a network of a size that is searched in seconds'), large.join());
  });
});

import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import type { Report } from '../../src/protocol/report';
import { judging } from './judging';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'ali-2019-early-stopping';

/** w(t) on the two equations, mean loss, by scipy.linalg.expm of the affine flow; `ridge` = (H + I/t)⁻¹Xᵀy/2 by numpy.linalg.solve. */
const AT: readonly { readonly time: number; readonly flow: readonly number[] }[] = [
  { time: 0.3, flow: [0.08895334367836107, 0.3201212976586924, 0.42664383090591074, 0.05326126662360924] },
  { time: 1.5, flow: [0.1371430361939851, 0.44372646559435647, 0.5083211796191571, 0.03229735701240097] },
];
const RIDGE = [0.11552795031055901, 0.38385093167701867, 0.4583850931677018, 0.037267080745341616];
/** sup ((1 − e^(−x))(1 + x)/x)² by scipy.optimize. */
const MOST = 1.685909058278325;

function regression(time: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    data: TWO_EQUATIONS,
    model: { kind: 'linear' },
    loss: 'square',
    optimizer: { kind: 'gradient-flow' },
    stop: { time },
    ...change,
  };
}

const noisy = (change: Partial<ExperimentInput> = {}): ExperimentInput =>
  regression(1, { seed: 1, data: { kind: 'sparse-regression', samples: 40, features: 20, sparsity: 5, noise: 1 }, ...change });

/** The result leads, and the run agrees with it. */
function assertAgrees({ verdict }: Report): void {
  assert.equal(verdict.result, RESULT);
  assert.equal(verdict.outcome, 'agrees', verdict.says);
}

describe('Ali, Kolter, Tibshirani 2019: where a flow is that is stopped early', () => {
  for (const { time, flow } of AT) {
    it(`at t = ${time}`, async () => {
      const report = await reportOf(regression(time));
      assertAgrees(report);
      assert.ok(largestDifference(report.references[0].predictor, flow) < 1e-13);
      assert.ok(largestDifference(report.solution.predictor, flow) < 1e-8);
      assert.ok(report.references[0].certificate.value < 1e-12);
      assert.equal(report.measures['logTime'], Math.log(time));
    });
  }

  it('the sum of the losses is faster by the number of samples', async () => {
    const report = await reportOf(regression(0.15, { loss: { kind: 'square', reduction: 'sum' } }));
    assertAgrees(report);
    assert.ok(largestDifference(report.references[0].predictor, AT[0].flow) < 1e-13);
  });

  it('a bias is held back like a weight: it is one of a feature 1', async () => {
    const withBias = await reportOf(regression(0.3, { model: { kind: 'linear', bias: true } }));
    const data = { ...TWO_EQUATIONS, x: TWO_EQUATIONS.x.map((row) => [...row, 1]) };
    const asFeature = await reportOf(regression(0.3, { data }));
    for (const report of [withBias, asFeature]) assertAgrees(report);
    assert.ok(largestDifference(withBias.references[0].predictor, asFeature.references[0].predictor ?? []) < 1e-14);
  });

  it('is as long as ridge says, times the shares', async () => {
    const { verdict } = await reportOf(regression(1.5));
    const ratio = Math.hypot(...AT[1].flow) / Math.hypot(...RIDGE);
    assert.match(verdict.says, new RegExp(`${ratio.toFixed(2)}\\d* times that of ridge`, 'u'));
  });

  it('has a risk of at most 1.69 times that of ridge at every time, and no less will do', async () => {
    const ratios = async (experiment: ExperimentInput): Promise<readonly number[]> => {
      const risk = (await reportOf(experiment)).figures.find(({ id }) => id === 'early-stopping-risk');
      assert.ok(risk?.kind === 'chart');
      const [flow, ridge] = risk.series;
      return flow.y.map((value, k) => value / ridge.y[k]);
    };
    const many = await ratios(noisy());
    assert.ok(Math.max(...many) <= MOST, String(Math.max(...many)));
    // At the start of the path both are 0, at its end both are least squares.
    assert.ok(Math.abs(many[0] - 1) < 0.01 && Math.abs((many.at(-1) ?? 0) - 1) < 0.05);
    // One direction and next to nothing but noise: the supremum is met at tλ = 1.793, as closely as the grid of times comes.
    const one = Math.max(
      ...(await ratios(noisy({ data: { kind: 'sparse-regression', samples: 40, features: 1, sparsity: 1, noise: 100 } }))),
    );
    assert.ok(one > MOST - 0.01 && one <= MOST, String(one));
  });

  it('draws every share of the run between that of ridge and 1.2985 times it', async () => {
    const { figures } = await reportOf(noisy());
    const shares = figures.find(({ id }) => id === 'learned-shares');
    assert.ok(shares?.kind === 'chart');
    const run = shares.series[2];
    assert.equal(run.x.length, 20);
    run.x.forEach((lambda, k) => {
      const ridge = lambda / (1 + lambda);
      assert.ok(run.y[k] >= ridge && run.y[k] <= Math.sqrt(MOST) * ridge, `${run.y[k]} at ${lambda}`);
      assert.ok(Math.abs(run.y[k] + Math.expm1(-lambda)) < 1e-8);
    });
  });
});

describe('Ali, Kolter, Tibshirani 2019: what withdraws the prediction, and what speaks against it', () => {
  const broken: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['momentum', regression(0.3, { optimizer: { kind: 'gradient-descent', stepSize: 0.01, momentum: 0.9 } }), /^gradient flow$/u],
    ['a start that is not 0', regression(0.3, { init: { kind: 'gaussian', scale: 1 } }), /^starts at 0$/u],
    // λ_min = 2.9037 (numpy.linalg.eigvalsh of XXᵀ/2): e^(−6.3·2.9037) = 1.1·10⁻⁸, e^(−6.4·2.9037) = 0.85·10⁻⁸.
    ['a time by which all is learned', regression(6.4), /^stops before all is learned/u],
  ];
  for (const [name, experiment, text] of broken) {
    it(name, async () => {
      const report = await reportOf(experiment);
      assert.notEqual(report.verdict.result, RESULT);
      const failed = failing(prediction(report, RESULT));
      assert.equal(failed.length, 1);
      assert.match(failed[0], text);
    });
  }

  it('just before that time it still leads', async () => assertAgrees(await reportOf(regression(6.3))));

  it('of a run without a time, or of another loss or model, it does not speak', async () => {
    for (const experiment of [
      regression(1, { stop: { steps: 5 } }),
      regression(1, { model: { kind: 'diagonal' } }),
      regression(1, { loss: 'logistic', data: { ...TWO_EQUATIONS, y: [1, -1] } }),
    ]) {
      const { predictions } = await reportOf(experiment);
      assert.ok(predictions.every(({ result }) => result !== RESULT));
    }
  });

  it('ridge itself disagrees: near is not equal', async () => {
    const { judge, trained } = await judging(regression(1.5));
    assert.equal(judge({}).outcome, 'agrees');
    const verdict = judge({ predictor: Float64Array.from(RIDGE) });
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
    assert.equal(judge({ predictor: trained.predictor?.map((w) => w * (1 + 1e-5)) ?? null }).outcome, 'disagrees');
  });

  it('a run that ends before its time is inconclusive', async () => {
    const { verdict } = await reportOf(regression(1.5, { stop: { time: 1.5, steps: 10 } }));
    assert.equal(verdict.result, RESULT);
    assert.equal(verdict.outcome, 'inconclusive', verdict.says);
    assert.match(verdict.says, /the run ended at t = /u);
  });

  it('a coarse integrator is allowed its own error, and no more', async () => {
    const coarse = await reportOf(noisy({ optimizer: { kind: 'gradient-flow', tolerance: 1e-5 } }));
    assertAgrees(coarse);
    assert.ok((coarse.verdict.tolerance ?? 1) < 1e-2);
    const asked = await reportOf(
      noisy({ optimizer: { kind: 'gradient-flow', tolerance: 1e-5 }, expect: { verdict: 'disagrees', tolerance: 1e-13 } }),
    );
    assert.equal(asked.verdict.outcome, 'disagrees', asked.verdict.says);
  });
});

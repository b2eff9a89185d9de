import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { stochasticFlowRatios } from '../../src/theory/even-2023-effective-start';
import type { Situation } from '../../src/theory/result';
import { judging } from './judging';
import { failing, prediction, reportOf } from './lab';

const BOUND = 'nacson-2022-step-size';
const START = 'even-2023-effective-start';

function shifted(stepSize: number, warmup: number, steps: number, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 1,
    data: { kind: 'sparse-regression', samples: 20, features: 50, sparsity: 3, shift: 3 },
    model: { kind: 'diagonal' },
    init: { kind: 'constant', scale: 0.5 },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize, warmup },
    stop: { steps },
    record: { points: 30 },
    expect: { verdict: 'agrees', result: BOUND },
    ...change,
  };
}

const norm1 = (w: readonly number[] | null): number => (w ?? []).reduce((sum, value) => sum + Math.abs(value), 0);

describe('Nacson et al. 2022: the step size of diagonal networks', () => {
  it('larger steps, smaller ℓ1 norms; the bound fills up', async () => {
    const small = await reportOf(shifted(2e-3, 0, 50_000));
    const large = await reportOf(shifted(2.2e-2, 7000, 50_000));
    for (const report of [small, large]) assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(norm1(large.solution.predictor) < 0.7 * norm1(small.solution.predictor));
    const share = ({ verdict: { value, tolerance } }: typeof small): number => (value ?? 0) / (tolerance ?? 1);
    assert.ok(share(small) < 0.15 && share(large) > 0.85, `${share(small)}, ${share(large)}`);
  });

  it('u∘v: the same with 1/η in place of 1/(2η)', async () => {
    const untied = await reportOf(
      shifted(2e-3, 0, 50_000, {
        model: { kind: 'diagonal', tied: false },
        init: { kind: 'explicit', parameters: [new Array<number>(50).fill(0.7), new Array<number>(50).fill(0.01)] },
      }),
    );
    assert.equal(untied.verdict.outcome, 'agrees', untied.verdict.says);
    assert.ok(Math.abs((untied.verdict.tolerance ?? 0) - 500 * 1.001) < 1e-6);
  });

  it('a larger norm than the step can hold disagrees', async () => {
    const { trained, judge } = await judging(shifted(2e-3, 0, 50_000));
    assert.equal(judge({}).outcome, 'agrees');
    const predictor = (trained.predictor ?? new Float64Array(0)).map((value) => 20 * value);
    assert.equal(judge({ predictor }).outcome, 'disagrees');
  });

  it('without a warm-up the long step diverges from this start, and nothing is said of minima', async () => {
    const report = await reportOf(shifted(2.2e-2, 0, 5000));
    assert.equal(report.outcome, 'diverged');
    assert.equal(report.verdict.outcome, 'inconclusive');
  });

  it('centred data withdraws it, momentum and a flow too', async () => {
    const centred = await reportOf(shifted(1e-2, 0, 20, { data: { kind: 'sparse-regression', samples: 20, features: 50 } }));
    assert.ok(failing(prediction(centred, BOUND)).some((text) => /not centred/.test(text)));
    const momentum = await reportOf(shifted(1e-3, 0, 20, { optimizer: { kind: 'gradient-descent', stepSize: 1e-3, momentum: 0.9 } }));
    assert.ok(failing(prediction(momentum, BOUND)).some((text) => /steps of one size/.test(text)));
    const flow = await reportOf(shifted(1e-3, 0, 20, { optimizer: { kind: 'gradient-flow' } }));
    assert.ok(flow.predictions.every(({ result }) => result !== BOUND && result !== START));
  });
});

function sparse(optimizer: ExperimentInput['optimizer'], change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 1,
    data: { kind: 'sparse-regression', samples: 15, features: 30, sparsity: 2 },
    model: { kind: 'diagonal' },
    init: { kind: 'constant', scale: 0.1 },
    loss: 'square',
    optimizer,
    stop: { steps: 300_000 },
    record: { points: 30 },
    expect: { verdict: 'agrees', result: START },
    ...change,
  };
}

/** |w − minimiser with α_eff| and |w − minimiser of the flow|, relatively, at η. */
function distances(says: string): readonly [number, number] {
  const numbers = says.replaceAll('×10', 'e').replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (text) =>
    [...text]
      .map((c) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))
      .map((k) => (k === 0 ? '-' : String(k - 1)))
      .join(''),
  );
  const found = /w is ([\d.e-]+) from .*?, ([\d.e-]+) from that of the flow/.exec(numbers);
  assert.ok(found, says);
  return [Number(found[1]), Number(found[2])];
}

describe('Even et al. 2023: an effective start', () => {
  for (const [name, optimizer] of [
    ['gradient descent', { kind: 'gradient-descent', stepSize: 0.05 }],
    ['SGD', { kind: 'sgd', stepSize: 0.01, batchSize: 1 }],
  ] as const) {
    it(`${name}: second order where the potential of the flow is off by first order`, async () => {
      const report = await reportOf(sparse(optimizer));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      const [effective, flow] = distances(report.verdict.says);
      assert.ok(effective < 0.2 * flow, report.verdict.says);
      assert.ok((report.verdict.value ?? 1) < 0.354);
    });
  }

  it('one coordinate off by a percent of the norm disagrees', async () => {
    const { trained, judge } = await judging(sparse({ kind: 'gradient-descent', stepSize: 0.05 }));
    assert.equal(judge({}).outcome, 'agrees', judge({}).says);
    const w = trained.predictor ?? new Float64Array(0);
    // A limit whose deviation does not shrink with the step: the companion is as far away as the run.
    const [{ examination, situation }, off] = [await judging(sparse({ kind: 'gradient-descent', stepSize: 0.05 })), w.slice()];
    off[0] += 0.01 * Math.hypot(...w);
    const run = { ...trained, predictor: off };
    assert.ok(situation.stepSize);
    assert.equal(examination.judge(run, null, [run]).outcome, 'disagrees');
  });

  it('u∘v is what is left of the start: the product of 1 − 4η²g², step by step', async () => {
    // One sample x = 1, y = 1: u ← u(1 − 2ηr), v ← v(1 + 2ηr), r = u² − v² − 1.
    const [stepSize, steps] = [0.1, 200];
    let [u, v, product] = [0.3, 0.3, 0.09];
    for (let k = 0; k < steps; k++) {
      const r = u * u - v * v - 1;
      product *= 1 - 4 * stepSize ** 2 * r ** 2;
      [u, v] = [u * (1 - 2 * stepSize * r), v * (1 + 2 * stepSize * r)];
    }
    const report = await reportOf(
      sparse(
        { kind: 'gradient-descent', stepSize },
        { data: { kind: 'inline', x: [[1]], y: [1] }, init: { kind: 'constant', scale: 0.3 }, stop: { steps } },
      ),
    );
    const [[end], [other]] = report.solution.parameters;
    assert.ok(Math.abs(end * other - product) < 1e-14);
  });

  it('stochastic gradient flow: 4η H_jj ∫ℒ dt, with the sum of the samples n times as much of the mean', () => {
    // ℒ falls from 2 to 0 in a straight line over t = 3: ∫ℒ = 3. H = diag(½·1, ½·4), η = 0.1: 1.2·H_jj.
    const trajectory = { time: [0, 1, 3], loss: [2, 4 / 3, 0] };
    const data = { x: Float64Array.of(1, 0, 0, 2), samples: 2, features: 2 };
    const ratios = (change: object, reduction: 'mean' | 'sum' = 'mean'): readonly number[] | null => {
      const optimizer = { kind: 'sgd', stepSize: 0.1, batchSize: 1, sampling: 'with-replacement', ...change };
      return stochasticFlowRatios(
        { experiment: { optimizer, loss: { kind: 'square', reduction } }, data, stepSize: 0.1 } as unknown as Situation,
        trajectory,
      );
    };
    const near = (found: readonly number[] | null, expected: readonly number[]): void =>
      expected.forEach((value, j) => assert.ok(Math.abs((found?.[j] ?? 0) - value) < 1e-15));
    near(ratios({}), [Math.exp(-0.6), Math.exp(-2.4)]);
    near(ratios({}, 'sum'), [Math.exp(-1.2), Math.exp(-4.8)]);
    assert.equal(ratios({ batchSize: 2 }), null);
    assert.equal(ratios({ kind: 'gradient-descent' }), null);
  });

  it('stochastic gradient flow and SGD leave the same on average where samples are of one length, coordinate by coordinate not', async () => {
    // Σ_j x_ij² = 1 for every i: Σ_j of the mean over i of r_i²x_ij² is that of r², whatever r. What is left is the chance of the draws.
    const x = Array.from({ length: 6 }, (_, i) => Array.from({ length: 12 }, (__, j) => Math.sin(1 + 3 * i + 7 * j * (i + 1))));
    const unit = x.map((row) => row.map((value) => value / Math.hypot(...row)));
    const { trained, situation } = await judging(
      sparse(
        { kind: 'sgd', stepSize: 0.02, batchSize: 1 },
        { data: { kind: 'inline', x: unit, y: [1, -1, 2, 0.5, -2, 1] }, record: { points: 200 } },
      ),
    );
    const ratios = stochasticFlowRatios(situation, trained.trajectory) ?? [];
    const measured = Array.from({ length: 12 }, (_, j) => Math.log((trained.parameters[j] * trained.parameters[12 + j]) / 0.01) / 2);
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const foreseen = ratios.map(Math.log);
    assert.ok(Math.abs(sum(foreseen) / sum(measured) - 1) < 0.05, `${sum(foreseen)} against ${sum(measured)}`);
    assert.ok(foreseen.some((value, j) => Math.abs(value / measured[j] - 1) > 0.2));
  });

  it('a start at 0, data that cannot be interpolated, momentum withdraw it', async () => {
    const stop = { steps: 20 };
    const plain = { kind: 'gradient-descent' as const, stepSize: 0.01 };
    const cases: readonly (readonly [ExperimentInput, RegExp])[] = [
      [sparse(plain, { init: { kind: 'zero' }, stop }), /every u, v ≠ 0/],
      [sparse(plain, { data: { kind: 'inline', x: [[1], [1]], y: [1, 2] }, stop }), /interpolated/],
      [sparse({ ...plain, momentum: 0.9 }, { stop }), /steps of one size/],
    ];
    for (const [experiment, text] of cases) {
      assert.ok(
        failing(prediction(await reportOf(experiment), START)).some((condition) => text.test(condition)),
        String(text),
      );
    }
  });
});

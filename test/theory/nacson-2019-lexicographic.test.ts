import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { judging } from './judging';
import { failing, prediction, reportOf } from './lab';

const RESULT = 'nacson-2019-lexicographic';

type Terms = Extract<ExperimentInput['model'], { kind: 'sum' }>['terms'];

const SEPARABLE: ExperimentInput['data'] = {
  kind: 'inline',
  x: [
    [1, 2, 0.3],
    [2, -1, 0.5],
    [4, 1, -1],
    [0, 2, 1],
  ],
  y: [1, 1, 1, 1],
};

/** Two pairs ±x with opposite labels, and one point that a quadratic form can serve. */
const PAIRS = {
  kind: 'inline' as const,
  x: [
    [1, 0.2],
    [-1, -0.2],
    [0.3, 1],
    [-0.3, -1],
    [0.5, -1],
  ],
  y: [1, -1, 1, -1, 1],
};

function sumOf(terms: Terms, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return {
    seed: 1,
    data: SEPARABLE,
    model: { kind: 'sum', terms },
    init: { kind: 'gaussian', scale: 0.5 },
    loss: { kind: 'exponential', reduction: 'sum' },
    optimizer: { kind: 'gradient-flow' },
    ...change,
  };
}

describe('Nacson et al. 2019: the lowest order is discarded where it is not needed', () => {
  for (const [name, terms, init, level] of [
    // ℓ1 margin 0.8 of these points: ‖u‖² + ‖v‖² = 1/0.8.
    ['under a diagonal network', [{ kind: 'linear' }, { kind: 'diagonal' }], { kind: 'constant', scale: 0.3 }, Math.sqrt(1 / 0.8)],
    ['under a deep linear network', [{ kind: 'linear' }, { kind: 'linear-network', widths: [3, 3] }], undefined, null],
    ['whatever the order of the terms in the file', [{ kind: 'diagonal' }, { kind: 'linear' }], { kind: 'constant', scale: 0.3 }, null],
    ['of two, order 2 under order 3', [{ kind: 'diagonal' }, { kind: 'linear-network', widths: [3, 3] }], undefined, null],
  ] as const) {
    it(name, async () => {
      const report = await reportOf(sumOf(terms as unknown as Terms, init === undefined ? {} : { init }));
      assert.equal(report.verdict.result, RESULT);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.equal(prediction(report, RESULT).status, 'conjecture');
      assert.match(prediction(report, RESULT).statement, /proved for the path; for gradient flow it is suggested, not proved/);
      const scaled = [report.measures['scaledNorm1'], report.measures['scaledNorm2']];
      // What is discarded falls like a power of 1/γ, γ ≈ 10⁸: γ^(−1/6) ≈ 0.05 for the pair of orders 2 and 3.
      assert.ok(Math.min(...scaled) < 0.01, String(scaled));
      if (level !== null) assert.ok(Math.abs(scaled[1] - level) < 1e-4, String(scaled));
      assert.equal(report.figures[0].id, 'lexicographic-norms');
    });
  }

  it('the limit is that of the highest order, not of the lowest', async () => {
    // By hand: ℓ1 margin 2 at (1, 0); ℓ2 direction that of (4, 1), whose ℓ1 margin is 1.7.
    const x = [
      [3, 1],
      [2, 0.5],
    ];
    const data: ExperimentInput['data'] = { kind: 'inline', x, y: [1, 1] };
    const change: Partial<ExperimentInput> = { data, init: { kind: 'constant', scale: 0.3 }, compare: ['max-margin'] };
    const report = await reportOf(sumOf([{ kind: 'linear' }, { kind: 'diagonal' }], change));
    const [l1, l2] = report.references.map(({ predictor }) => predictor ?? []);
    const w = report.solution.predictor ?? [];
    /** ℓ1 margin. */
    const margin = (v: readonly number[]): number =>
      Math.min(...x.map((row) => row.reduce((sum, value, j) => sum + value * v[j], 0))) /
      v.reduce((sum, value) => sum + Math.abs(value), 0);
    assert.ok(Math.abs(margin(l1) - 2) < 1e-9);
    assert.ok(Math.abs(margin(w) - 2) < 1e-5, `${margin(w)}`);
    assert.ok(Math.abs(margin(l2) - 1.7) < 1e-9, `${margin(l2)}`);
  });
});

describe('Nacson et al. 2019: the lowest order is used as far as it is needed', () => {
  it('w/γ → (40, 35)/47 by hand: the pairs need a linear part, the fifth point is left to the quadratic units', async () => {
    const terms: Terms = [{ kind: 'linear' }, { kind: 'network', widths: [4], activation: 'quadratic' }];
    const report = await reportOf(sumOf(terms, { data: PAIRS, init: { kind: 'gaussian', scale: 0.3 }, stop: { logLoss: -1e5 } }));
    assert.equal(report.verdict.result, RESULT);
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    assert.ok(Math.abs(report.references[0].objective - Math.hypot(40, 35) / 47) < 1e-10);
    assert.ok(report.references[0].certificate.value < 1e-10);
    const [w1, w2] = report.solution.parameters[0];
    assert.ok(Math.abs(w2 / w1 - 35 / 40) < 1e-4);
  });

  it('units of one output sign have not every form at their disposal: another limit is no disagreement, unlike with both signs', async () => {
    // Seen from a start with all v > 0 (v² − ½‖a‖² is conserved, and M stays positive semidefinite): w/γ ends 0.36 away.
    const terms: Terms = [{ kind: 'linear' }, { kind: 'network', widths: [4], activation: 'quadratic' }];
    const { trained, judge } = await judging(
      sumOf(terms, { data: PAIRS, init: { kind: 'gaussian', scale: 0.3 }, stop: { logLoss: -1e5 } }),
    );
    // A linear part along the first input separates alone, and is longer than it has to be.
    const ended = (v: readonly number[]): Float64Array => Float64Array.from([1e8, 2e7, ...trained.parameters.subarray(2, 10), ...v]);
    const oneSign = judge({ parameters: ended([1, 1, 1, 1]) });
    assert.equal(oneSign.outcome, 'inconclusive', oneSign.says);
    assert.match(oneSign.says, /4 of the quadratic units ended with a positive output weight and 0 with a negative one/);
    const trajectory = { ...trained.trajectory, scaledNorm1: trained.trajectory['scaledNorm1'].map(() => 2) };
    const bothSigns = judge({ parameters: ended([1, 1, -1, -1]), trajectory });
    assert.equal(bothSigns.outcome, 'disagrees', bothSigns.says);
  });

  it('the nested problem does not depend on the unit of the inputs', async () => {
    const terms: Terms = [{ kind: 'linear' }, { kind: 'network', widths: [4], activation: 'quadratic' }];
    for (const unit of [1e-3, 100]) {
      const data = { ...PAIRS, x: PAIRS.x.map((row) => row.map((value) => unit * value)) };
      const report = await reportOf(sumOf(terms, { data, stop: { steps: 20 } }));
      assert.ok(Math.abs(report.references[0].objective * unit - Math.hypot(40, 35) / 47) < 1e-9, String(report.references[0].objective));
    }
  });

  it('is withdrawn where the network is too narrow for every form', async () => {
    const terms: Terms = [{ kind: 'linear' }, { kind: 'network', widths: [1], activation: 'quadratic' }];
    const report = await reportOf(sumOf(terms, { data: PAIRS, stop: { steps: 50 } }));
    assert.deepEqual(failing(prediction(report, RESULT)), ['nested problems that can be solved here with a certificate']);
  });

  it('an early end is inconclusive', async () => {
    const report = await reportOf(sumOf([{ kind: 'linear' }, { kind: 'linear-network', widths: [3, 3] }], { stop: { logLoss: -5 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });
});

describe('Nacson et al. 2019: a limit that is on its way, and one that is another', () => {
  const x = [
    [3000, 1000],
    [2000, 500],
  ];
  const experiment = sumOf([{ kind: 'linear' }, { kind: 'diagonal' }], {
    data: { kind: 'inline', x, y: [1, 1] },
    init: { kind: 'constant', scale: 0.3 },
  });

  it('large inputs: the lower order still gives 1.2·10⁻⁴ of the margin at ln ℒ = −10⁸, and falls like ln γ/γ', async () => {
    const report = await reportOf(experiment);
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
    assert.match(report.verdict.says, /still closing/);
  });

  it('a norm that stays where it should not disagrees', async () => {
    const { trained, judge } = await judging(sumOf([{ kind: 'linear' }, { kind: 'diagonal' }], { init: { kind: 'constant', scale: 0.3 } }));
    // The linear term as large as the diagonal one all along: the share of the lower order is that of the other limit.
    const { parameters } = trained;
    const changed = parameters.map((value, k) => (k < 3 ? 1e8 : value));
    const column = trained.trajectory['scaledNorm1'].map(() => 1);
    const verdict = judge({ parameters: changed, trajectory: { ...trained.trajectory, scaledNorm1: column } });
    assert.equal(verdict.outcome, 'disagrees', verdict.says);
  });
});

describe('Nacson et al. 2019: what withdraws the prediction', () => {
  const two: Terms = [{ kind: 'linear' }, { kind: 'diagonal' }];
  const withdrawn: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    ['equal orders', sumOf([{ kind: 'linear' }, { kind: 'linear' }]), /different orders/],
    ['a term of no order', sumOf([{ kind: 'linear' }, { kind: 'network', widths: [3], activation: 'tanh' }]), /different orders/],
    ['gradient descent', sumOf(two, { optimizer: { kind: 'gradient-descent', stepSize: 0.01 } }), /gradient flow/],
    ['inseparable data', sumOf(two, { data: { kind: 'xor' } }), /separable/],
    ['a diagonal network that starts at 0 and never leaves it', sumOf(two, { init: { kind: 'zero' } }), /starts off 0/],
    [
      'a deep linear network that starts at 0',
      sumOf([{ kind: 'linear' }, { kind: 'linear-network', widths: [3, 3] }], { init: { kind: 'zero' } }),
      /can leave its start/,
    ],
  ];
  for (const [what, experiment, text] of withdrawn) {
    it(what, async () => {
      const report = await reportOf({ ...experiment, stop: { steps: 50 } });
      assert.notEqual(report.verdict.result, RESULT);
      assert.ok(failing(prediction(report, RESULT)).some((condition) => text.test(condition)));
    });
  }
});

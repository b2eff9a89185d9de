import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { powerPotential } from '../../src/theory/power-potential';
import { failing, largestDifference, prediction, reportOf, TWO_EQUATIONS } from './lab';

const RESULT = 'gunasekar-2018-mirror-descent';
type Optimizer = ExperimentInput['optimizer'];
type Init = NonNullable<ExperimentInput['init']>;

function mirror(optimizer: Optimizer, init: Init = { kind: 'zero' }, change: Partial<ExperimentInput> = {}): ExperimentInput {
  return { data: TWO_EQUATIONS, model: { kind: 'linear' }, init, loss: { kind: 'square', reduction: 'sum' }, optimizer, ...change };
}

const pNorm = (p: number, stepSize: number): Optimizer => ({ kind: 'mirror-descent', potential: { kind: 'p-norm', p }, stepSize });
const entropy = (stepSize: number): Optimizer => ({ kind: 'mirror-descent', potential: 'entropy', stepSize });
const hypentropy = (beta: number, stepSize: number): Optimizer => ({
  kind: 'mirror-descent',
  potential: { kind: 'hypentropy', beta },
  stepSize,
});
const OTHER_START: Init = { kind: 'explicit', parameters: [[0.5, -1, 0.25, 0]] };
const P = [
  [2, 0.5, 0, 0],
  [0.5, 1, 0.25, 0],
  [0, 0.25, 3, 0],
  [0, 0, 0, 0.5],
];

/** By scipy's SLSQP on the divergence and by a dual Newton method in numpy, to the digits printed; see each line. */
const LIMITS: readonly (readonly [string, ExperimentInput, readonly number[], number])[] = [
  ['p = 1.5', mirror(pNorm(1.5, 0.05)), [0.05090654, 0.47461935, 0.5084118, 0.00014525], 1e-8],
  ['p = 3', mirror(pNorm(3, 0.02)), [0.24413782, 0.44163794, 0.47698278, 0.1274137], 1e-8],
  ['p = 1.1', mirror(pNorm(1.1, 0.01)), [0.00000847, 0.49999577, 0.50000141, 0], 1e-8],
  // X⁺y and w₀ + X⁺(y − Xw₀) in closed form.
  ['p = 2', mirror(pNorm(2, 0.05)), [9 / 65, 29 / 65, 33 / 65, 2 / 65], 1e-12],
  ['p = 2 from another start', mirror(pNorm(2, 0.05), OTHER_START), [2310 / 2600, -140 / 2600, 1970 / 2600, -570 / 2600], 1e-12],
  ['entropy from 1', mirror(entropy(0.05), { kind: 'constant', scale: 1 }), [0.84462468, 0.45647621, 0.26198223, 0.7575771], 1e-8],
  ['entropy from 0.1', mirror(entropy(0.05), { kind: 'constant', scale: 0.1 }), [0.16658928, 0.46723735, 0.47723289, 0.10106398], 1e-8],
  ['entropy from 0.001', mirror(entropy(0.05), { kind: 'constant', scale: 1e-3 }), [0.00790741, 0.49654844, 0.50081576, 0.00100429], 1e-8],
  // β = 2α² is the tied diagonal network of Woodworth et al. 2020 with α = 0.1.
  ['hypentropy, β = 0.02', mirror(hypentropy(0.02, 0.05)), [0.033404462, 0.483518384, 0.505346795, 0.00044123], 1e-9],
];

describe('Gunasekar et al. 2018: mirror descent on linear regression', () => {
  for (const [name, experiment, expected, digits] of LIMITS) {
    it(`${name}: descent and reference reach the closest interpolator`, async () => {
      const report = await reportOf(experiment);
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.equal(report.verdict.result, RESULT);
      assert.ok(largestDifference(report.references[0].predictor, expected) < 1.5 * digits, JSON.stringify(report.references[0].predictor));
      assert.ok(largestDifference(report.solution.predictor, expected) < 1e-7 + 1.5 * digits);
      assert.ok(report.references[0].certificate.value <= 1e-10);
    });
  }

  for (const [name, optimizer] of [
    ['p = 1.5', pNorm(1.5, 0.02)],
    ['p = 4', pNorm(4, 0.01)],
    ['hypentropy', hypentropy(0.3, 0.03)],
  ] as const) {
    it(`${name} from a start other than the minimum of ψ: the divergence, not ψ`, async () => {
      const report = await reportOf(mirror(optimizer, OTHER_START));
      const fromZero = await reportOf(mirror(optimizer));
      assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
      assert.ok(largestDifference(report.solution.predictor, fromZero.references[0].predictor as number[]) > 0.1);
    });
  }

  it('a quadratic potential is steepest descent in its norm: w₀ + P⁻¹Xᵀ(XP⁻¹Xᵀ)⁻¹(y − Xw₀)', async () => {
    const report = await reportOf(
      mirror({ kind: 'steepest-descent', norm: { kind: 'quadratic', matrix: P }, stepSize: 0.05 }, OTHER_START),
    );
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    // By numpy.linalg.solve on the formula of the title.
    assert.ok(largestDifference(report.solution.predictor, QUADRATIC) < 1e-9, JSON.stringify(report.solution.predictor));
    assert.ok(report.references[0].certificate.value <= 1e-10);
  });

  it('the limit does not depend on the step size', async () => {
    const coarse = await reportOf(mirror(pNorm(1.5, 0.1)));
    const fine = await reportOf(mirror(pNorm(1.5, 0.01)));
    assert.ok(largestDifference(coarse.solution.predictor, fine.solution.predictor as number[]) < 1e-9);
  });

  it('a tolerance that rounding cannot meet gives disagrees', async () => {
    const report = await reportOf(mirror(pNorm(1.5, 0.05), { kind: 'zero' }, { expect: { verdict: 'disagrees', tolerance: 1e-300 } }));
    assert.equal(report.verdict.outcome, 'disagrees');
  });

  it('a run that has not converged is inconclusive', async () => {
    const report = await reportOf(mirror(pNorm(1.5, 0.05), { kind: 'zero' }, { stop: { steps: 20 } }));
    assert.equal(report.verdict.outcome, 'inconclusive', report.verdict.says);
  });
});

/** numpy.linalg.solve */
const QUADRATIC = [0.399322879544, 0.290449037776, 0.576443335709, -0.019779044904];

describe('Gunasekar et al. 2018: what withdraws the prediction', () => {
  const positive: Init = { kind: 'constant', scale: 0.1 };
  const cases: readonly (readonly [string, ExperimentInput, RegExp])[] = [
    [
      'entropy where no positive solution exists',
      mirror(entropy(0.01), positive, { data: { kind: 'inline', x: [[1, 1]], y: [-1] }, stop: { steps: 200 } }),
      /positive solution/,
    ],
    [
      'normalised steps',
      mirror({ kind: 'mirror-descent', potential: 'entropy', stepSize: 0.01, normalize: 'loss' }, positive, { stop: { steps: 50 } }),
      /settle/,
    ],
    [
      'data that cannot be interpolated',
      mirror(pNorm(1.5, 0.01), { kind: 'zero' }, { data: { kind: 'inline', x: [[1], [1]], y: [1, 2] }, stop: { steps: 200 } }),
      /interpolated/,
    ],
  ];
  for (const [name, experiment, text] of cases) {
    it(name, async () => {
      const report = await reportOf(experiment);
      assert.equal(report.verdict.outcome, 'no-prediction', report.verdict.says);
      assert.ok(failing(prediction(report, RESULT)).some((condition) => text.test(condition)));
    });
  }

  it('Adam ends at another interpolator, and nothing is predicted for it', async () => {
    const report = await reportOf(mirror({ kind: 'adam', stepSize: 0.001 }));
    assert.equal(report.verdict.outcome, 'no-prediction');
    // Measured with an independent implementation: (0.46404, 0.43742, 0.40791, 0.33888), 0.459 from X⁺y.
    assert.ok(
      largestDifference(report.solution.predictor, [0.46404, 0.43742, 0.40791, 0.33888]) < 2e-2,
      JSON.stringify(report.solution.predictor),
    );
    assert.ok(report.solution.loss < 1e-10);
  });
});

describe('the divergence of Σ|w|^p / p', () => {
  for (const p of [1.1, 1.5, 3, 6]) {
    for (const start of [0, -0.7]) {
      it(`p = ${p}, w(0) = ${start}`, () => {
        const potential = powerPotential(p, Float64Array.of(start));
        for (const w of [-1.3, 0.6, 2]) {
          const s = potential.mirror(0, w);
          const bregman = (Math.abs(w) ** p - Math.abs(start) ** p) / p - Math.sign(start) * Math.abs(start) ** (p - 1) * (w - start);
          assert.ok(Math.abs(potential.value(0, w) - bregman) < 1e-13 * (1 + bregman));
          assert.ok(Math.abs(potential.inverse(0, s) - w) < 1e-13 * (1 + Math.abs(w)));
          const h = 1e-6;
          const slope = (potential.inverse(0, s + h) - potential.inverse(0, s - h)) / (2 * h);
          assert.ok(Math.abs(slope / potential.inverseDerivative(0, s) - 1) < 1e-6);
        }
      });
    }
  }
});

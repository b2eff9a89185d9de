/** The sweeps among the examples, each with what it is there to show. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isFailure, type SweepResult, type SweepSummary } from '../../src/protocol/sweep';
import { runExperiment } from '../../src/study/run';
import { nodeEnvironment } from '../../src/worker/environment';
import { localEngine } from '../../src/worker/sweep-engine';
import { runSweep } from '../../src/worker/sweep-runner';

const FOLDER = resolve(__dirname, '../../examples');

async function sweepOf(name: string): Promise<SweepSummary> {
  const path = join(FOLDER, `${name}.bias.json`);
  const folder = mkdtempSync(join(tmpdir(), 'bias-lab-sweep-'));
  try {
    const answer = await runSweep({
      source: { text: readFileSync(path, 'utf8'), path, root: FOLDER },
      folder,
      engine: localEngine(
        { run: (source) => runExperiment(source, nodeEnvironment(source, new SharedArrayBuffer(4)), () => undefined) },
        1,
      ),
      signal: new AbortController().signal,
    });
    assert.ok(answer.type === 'done', JSON.stringify(answer));
    return answer.summary;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultsOf({ points }: SweepSummary): readonly SweepResult[] {
  return points.map((point) => {
    assert.ok(!isFailure(point), JSON.stringify(point));
    return point;
  });
}

const settingOf = ({ settings }: Pick<SweepResult, 'settings'>, path: string): number =>
  settings.find((one) => one.path === path)?.value as number;

describe('the phase diagram of tied diagonal networks', function () {
  this.timeout(120_000);
  let results: readonly SweepResult[];
  let summary: SweepSummary;
  before(async () => {
    summary = await sweepOf('r3-phase-diagram');
    results = resultsOf(summary);
  });

  const at = (depth: number, scale: number): SweepResult => {
    const found = results.find(
      (one) => settingOf(one, '/model/depth') === depth && Math.abs(settingOf(one, '/init/scale') / scale - 1) < 1e-9,
    );
    assert.ok(found);
    return found;
  };
  /** Exponent of a measure in the scale, between two scales. */
  const slope = (measure: string, depth: number, from: number, to: number): number =>
    Math.log(at(depth, to).measures[measure] / at(depth, from).measures[measure]) / Math.log(to / from);

  it('agrees with its prediction at every point', () => {
    assert.equal(results.length, 52);
    for (const { settings, verdict, asExpected } of results) assert.equal(asExpected, true, `${JSON.stringify(settings)} ${verdict.says}`);
  });

  it('comes to the ℓ2 end like α^(−2D)', () => {
    // Q is quadratic up to a relative (w/α^D)²: q₂(z) = z²/4 − z⁴/192 + …, q_D(z) = (D−2)/(4D) z² + O(z⁴).
    for (const depth of [2, 3, 4]) {
      const exponent = slope('distanceToL2', depth, 1.77827941004, 3.16227766017);
      assert.ok(Math.abs(exponent + 2 * depth) < 0.02 * depth, `depth ${depth}: ${exponent}`);
    }
  });

  it('comes to the ℓ1 end like α^D for D ≥ 3, and slower for D = 2', () => {
    // Off the support w_j ≈ α^D h_D(z_j) with the dual slack |z_j| < 1.
    for (const depth of [4, 5]) {
      const exponent = slope('distanceToL1', depth, 0.01, 0.0316227766017);
      assert.ok(Math.abs(exponent - depth) < 0.02 * depth, `depth ${depth}: ${exponent}`);
    }
    assert.ok(slope('distanceToL1', 2, 0.01, 0.0316227766017) < 2);
  });

  it('is drawn as two heat maps, and the scale at which ℓ1 goes over into ℓ2 as foreseen', () => {
    const [toL1, toL2, transition] = summary.figures;
    assert.deepEqual(
      [toL1, toL2].map((figure) => figure.kind === 'heat-map' && [figure.id, figure.rows, figure.columns]),
      [
        ['sweep-distanceToL1-0', 4, 13],
        ['sweep-distanceToL2-0', 4, 13],
      ],
    );
    assert.ok(transition.kind === 'chart');
    const [predicted, measured] = transition.series;
    // The predicted solutions are solved without training; each run is within 1e-5 of its own.
    measured.y.forEach((value, row) => assert.ok(Math.abs(value / predicted.y[row] - 1) < 1e-4, `${value} against ${predicted.y[row]}`));
    // Deeper networks reach the ℓ1 end at larger scales.
    assert.ok(
      measured.y.every((value, row) => row === 0 || value > measured.y[row - 1]),
      measured.y.join(', '),
    );
  });
});

describe('the sweep over the number of features', function () {
  this.timeout(240_000);
  let summary: SweepSummary;
  let results: readonly SweepResult[];
  before(async () => {
    summary = await sweepOf('g2-double-descent');
    results = resultsOf(summary);
  });

  it('agrees with the law at every point and every seed', () => {
    assert.equal(results.length, 104);
    for (const { settings, seed, asExpected, verdict } of results)
      assert.equal(asExpected, true, `${JSON.stringify(settings)} ${seed}: ${verdict.says}`);
  });

  it('lies in the tails of the law as often as the law says', () => {
    // Below the threshold the verdict's value is −log₁₀ of one tail probability, which is uniform: −ln p has mean and deviation 1.
    const surprises = results.flatMap((one) =>
      settingOf(one, '/features/count') <= 40 ? [Math.LN10 * (one.verdict.value ?? Number.NaN)] : [],
    );
    const mean = surprises.reduce((sum, value) => sum + value, 0) / surprises.length;
    assert.equal(surprises.length, 56);
    assert.ok(Math.abs(mean - 1) < 4 / Math.sqrt(56), `${mean}`);
  });

  it('rises to the threshold and falls beyond it, on the test samples too', () => {
    const median = (count: number): number => {
      const cell = summary.cells.find(({ settings }) => settings[0].value === count);
      assert.ok(cell);
      return cell.measures.testLoss.median;
    };
    for (const [less, more] of [
      [10, 20],
      [20, 30],
      [30, 36],
      [36, 40],
      [100, 80],
      [80, 60],
      [60, 50],
      [50, 44],
      [44, 40],
    ]) {
      assert.ok(median(less) < median(more), `${less}: ${median(less)}, ${more}: ${median(more)}`);
    }
    // The second descent goes below the first: weak features, little noise.
    assert.ok(median(100) < median(5));
  });

  it('is drawn with the law beside it', () => {
    const [figure] = summary.figures;
    assert.ok(figure.kind === 'chart');
    const law = figure.series.find(({ name }) => name === 'Test loss, theory');
    // Half of s²(1 + p/(n − p − 1)) at p = 20 and 30, halved as the loss is.
    assert.ok(law !== undefined && Math.abs(law.y[2] - 1.826842 / 2) < 1e-6 && Math.abs(law.y[3] - 3.423333 / 2) < 1e-6);
    assert.equal(law.y[law.x.indexOf(40)], Infinity);
  });
});

describe('the sweep over the degree of a polynomial', function () {
  this.timeout(60_000);

  it('has the least-squares fits of each degree', async () => {
    const results = resultsOf(await sweepOf('g1-degree-3'));
    const at = (degree: number): SweepResult['measures'] => results[degree - 1].measures;
    // Mean squared residuals by numpy.linalg.lstsq on Chebyshev polynomials; the loss is half of them.
    assert.ok(Math.abs(2 * at(3).loss - 0.02548453) < 1e-8);
    assert.ok(Math.abs(2 * at(8).loss - 0.01333811) < 1e-8);
    for (let degree = 2; degree <= 9; degree++) assert.ok(at(degree).loss < at(degree - 1).loss);
    // Degree 8 is closer to the samples and 16 times further from the function.
    assert.ok(at(8).testLoss > 10 * at(3).testLoss);
  });
});

describe('the sweep over true and random labels', function () {
  this.timeout(120_000);

  it('fits both, and learns from one', async () => {
    const { points, figures } = await sweepOf('g3-random-labels');
    for (const point of points) {
      assert.ok(!isFailure(point));
      assert.equal(point.asExpected, true, point.verdict.says);
      assert.equal(point.measures.errorRate, 0);
      const random = point.settings[0].value === 'random';
      // Five standard errors of 1000 tosses around a half.
      if (random) assert.ok(Math.abs(point.measures.testErrorRate - 0.5) < 5 * Math.sqrt(0.25 / 1000));
      else assert.ok(point.measures.testErrorRate < 0.2);
    }
    const [figure] = figures;
    assert.ok(figure.kind === 'chart');
    assert.deepEqual(figure.x.ticks, ['hyperplane', 'random']);
  });
});

import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { failing, prediction, reportOf } from './lab';
import { halvesOf } from './situation';

const RESULT = 'dinh-2017-rescaling';

/** One unit, one sample: f = v max(0, w), fitted to 1 from (w, v). */
function oneUnit(w: number, v: number, stepSize: number): ExperimentInput {
  return {
    data: { kind: 'inline', x: [[1]], y: [1] },
    model: { kind: 'network', widths: [1] },
    init: { kind: 'explicit', parameters: [[w], [v]] },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize },
    stop: { steps: 3000 },
    record: { measures: ['sharpnessRatio'] },
    expect: { verdict: 'agrees', result: RESULT },
  };
}

describe('Dinh et al. 2017: rescaling', () => {
  it('one unit: S = w² + v² at a fit, c²w² + v²/c² after rescaling', async () => {
    const { verdict, solution, figures } = await reportOf(oneUnit(1.2, 0.9, 0.1));
    assert.equal(verdict.outcome, 'agrees', verdict.says);
    const [[w], [v]] = solution.parameters;
    const [figure] = figures.filter(({ id }) => id === 'rescaled-sharpness');
    assert.ok(figure.kind === 'chart');
    const [{ x, y }] = figure.series;
    assert.ok(x.length > 3);
    x.forEach((c, k) => assert.ok(Math.abs(y[k] / ((c * w) ** 2 + (v / c) ** 2) - 1) < 1e-9, `${c}: ${y[k]}`));
    assert.match(verdict.says, /at c = \d+ a push grows/);
  });

  it('a network with biases: the law holds, outputs stay, and the step that found the fit leaves the rescaled one', async () => {
    const { verdict, outcome } = await reportOf({
      seed: 4,
      data: { kind: 'teacher', samples: 4, features: 2, model: { kind: 'network', widths: [2] } },
      model: { kind: 'network', widths: [8], bias: 'all', activation: { kind: 'leaky-relu', slope: 0.2 } },
      init: { kind: 'gaussian', scale: 0.7 },
      loss: 'square',
      optimizer: { kind: 'gradient-descent', stepSize: 0.2 },
      stop: { steps: 40_000 },
      record: { measures: ['sharpnessRatio'] },
      expect: { verdict: 'agrees', result: RESULT },
    });
    assert.equal(outcome, 'converged');
    assert.equal(verdict.outcome, 'agrees', verdict.says);
    assert.ok((verdict.value ?? 1) < 1e-5);
    assert.match(verdict.says, /at c = \d+ a push grows/);
  });

  it('a network whose units are all off has no sharpness that could grow', async () => {
    const dead = await reportOf({ ...oneUnit(-1, 1, 0.1), data: { kind: 'inline', x: [[1]], y: [0] } });
    assert.equal(dead.verdict.outcome, 'inconclusive', dead.verdict.says);
    assert.match(dead.verdict.says, /no curvature/);
  });

  it('a model that is not homogeneous would be called out: shown a tanh network, the judge finds another function', async () => {
    const relu = await halvesOf(oneUnit(1.2, 0.9, 0.1), RESULT);
    assert.equal(relu.examination.judge(relu.trained, null, []).outcome, 'agrees');
    const tanh = await halvesOf({ ...oneUnit(1.2, 0.9, 0.1), model: { kind: 'network', widths: [1], activation: 'tanh' } }, RESULT);
    assert.equal(tanh.examination.prediction.applies, false);
    const verdict = tanh.examination.judge(tanh.trained, null, []);
    assert.equal(verdict.outcome, 'disagrees');
    assert.match(verdict.says, /another function/);
  });

  it('conditions: tanh, residual connections, a first layer alone', async () => {
    const base = { ...oneUnit(1.2, 0.9, 0.1), stop: { steps: 1 }, init: { kind: 'gaussian' as const, scale: 1 } };
    const fails = async (model: ExperimentInput['model']): Promise<readonly string[]> =>
      failing(prediction(await reportOf({ ...base, expect: undefined, model }), RESULT));
    assert.deepEqual(await fails({ kind: 'network', widths: [2, 2] }), []);
    assert.deepEqual(await fails({ kind: 'network', widths: [2], activation: 'softplus' }), ['positively homogeneous units']);
    assert.deepEqual(await fails({ kind: 'network', widths: [2, 2], residual: true }), ['no connections past the first layer']);
    assert.deepEqual(await fails({ kind: 'network', widths: [2], trainable: 'first' }), ['both layers are trained']);
    const unasked = await reportOf({ ...base, expect: undefined, record: {} });
    assert.ok(!unasked.predictions.some(({ result }) => result === RESULT), 'a file that does not look at the sharpness is not spoken of');
  });

  it('a file may expect that it does not hold: met where a condition of it fails, not where it holds or is not spoken of', async () => {
    const tanh: ExperimentInput['model'] = { kind: 'network', widths: [2], activation: 'tanh' };
    const base = { ...oneUnit(1.2, 0.9, 0.1), stop: { steps: 1 }, init: { kind: 'gaussian' as const, scale: 1 } };
    const met = async (model: ExperimentInput['model'], result: string): Promise<boolean | null> => {
      const { asExpected } = await reportOf({
        ...base,
        record: { measures: ['loss'] },
        model,
        expect: { verdict: 'no-prediction', result },
      });
      return asExpected;
    };
    assert.equal(await met(tanh, RESULT), true);
    assert.equal(await met({ kind: 'network', widths: [2] }, RESULT), false);
    assert.equal(await met(tanh, 'wu-2024-large-step'), false);
  });
});

/** What is said of a step size once the data is loaded, with the curvature that the lab computes. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../../src/experiment/schema';
import type { Diagnostic } from '../../../src/protocol/compute';
import { prepare } from '../../../src/study/prepare';
import { nodeEnvironment } from '../../../src/worker/environment';
import { applyFix } from '../experiment/marked';

async function stepDiagnostics(experiment: ExperimentInput): Promise<readonly Diagnostic[]> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const { diagnostics } = await prepare(source, nodeEnvironment(source, new SharedArrayBuffer(4)));
  return diagnostics.filter(({ code }) => code === 'meaning.step-size');
}

describe('the diagnostics of a step size', () => {
  // cXᵀX = I and one map of length 1: the least sharpness of a fit with L layers is L.
  const white = (layers: number, stepSize: number): ExperimentInput => ({
    data: {
      kind: 'inline',
      x: [
        [1, 1, 1],
        [1, -1, 1],
        [1, 1, -1],
        [1, -1, -1],
      ],
      y: [1.4, 1.4, -0.2, -0.2],
    },
    model: { kind: 'linear-network', widths: new Array<number>(layers - 1).fill(3) },
    init: { kind: 'gaussian', scale: 0.3 },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize },
  });

  for (const [layers, below, above] of [
    [2, 0.99, 1.01],
    [3, 0.66, 0.67],
    [4, 0.49, 0.51],
  ] as const) {
    it(`warn of ${layers} linear layers beyond 2/S_min = 2/${layers} only`, async () => {
      assert.deepEqual(await stepDiagnostics(white(layers, below)), []);
      const [found] = await stepDiagnostics(white(layers, above));
      assert.equal(found.severity, 'warning');
      assert.match(found.message, new RegExp(`least sharpness of any fit is S = ${layers},`));
    });
  }

  it('claim no least sharpness where the data does not fix the map', async () => {
    const free = white(3, 0.67);
    assert.deepEqual(await stepDiagnostics({ ...free, data: { kind: 'inline', x: [[1, 1, 1]], y: [1] } }), []);
  });

  it('judge other models by the sharpness at the start, and the offered step is one of which nothing is said', async () => {
    // ½(ab)² from (2, 0.1): the Hessian is [[0.01, 0.4], [0.4, 4]], λ_max = 4.0397.
    const product = (stepSize: number): ExperimentInput => ({
      data: { kind: 'inline', x: [[1]], y: [0] },
      model: { kind: 'linear-network', widths: [1] },
      loss: 'square',
      init: { kind: 'explicit', parameters: [[2], [0.1]] },
      optimizer: { kind: 'gradient-descent', stepSize },
    });
    assert.deepEqual(await stepDiagnostics(product(0.49)), []);
    const [catapult] = await stepDiagnostics(product(0.5));
    assert.equal(catapult.severity, 'information');
    assert.match(catapult.message, /2\/λ_max = 0.495 at the start/);
    const [divergent] = await stepDiagnostics(product(1));
    assert.equal(divergent.severity, 'warning');
    assert.match(divergent.message, /4\/λ_max = 0.99 at the start/);
    const fixed = JSON.parse(applyFix(JSON.stringify(product(1)), divergent.fixes[0])) as ExperimentInput;
    // 1/4.0397 = 0.2475, rounded down.
    assert.deepEqual(fixed.optimizer, { kind: 'gradient-descent', stepSize: 0.24 });
    assert.deepEqual(await stepDiagnostics(fixed), []);
  });
});

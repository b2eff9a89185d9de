/** What the lens on the optimizer says of a step size. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../../src/experiment/schema';
import { analyse } from '../../../src/study/analyse';
import { nodeEnvironment } from '../../../src/worker/environment';

async function note(experiment: ExperimentInput): Promise<string | null> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  return (await analyse(source, nodeEnvironment(source, new SharedArrayBuffer(4)))).optimizerNote;
}

describe('the regime of a step size', () => {
  // ½(ab − 4)² from (0.5, 0.1): λ_max is 0.13 + √(0.12² + 3.9²) = 4.0318 at the start, √(0.24² + 64) = 8.0036 at the minimum of the flow.
  const product = (optimizer: object, loss = 'square'): ExperimentInput =>
    ({
      data: { kind: 'inline', x: [[1]], y: loss === 'square' ? [4] : [1] },
      model: { kind: 'linear-network', widths: [1] },
      loss,
      init: { kind: 'explicit', parameters: [[0.5], [0.1]] },
      optimizer: { kind: 'gradient-descent', ...optimizer },
    }) as ExperimentInput;

  for (const [stepSize, regime] of [
    [0.2, /like the flow/],
    [0.3, /edge of stability: 2\/λ_max = 0\.496 at the start, 0\.2[5-9]\d? later/],
    [0.6, /catapult: beyond 2\/λ_max = 0\.496/],
    [1.2, /likely divergent: 2\.42 times 2\/λ_max = 0\.496/],
  ] as const) {
    it(`of ½(ab − 4)² with η = ${stepSize}`, async () => {
      const says = (await note(product({ stepSize }))) ?? '';
      assert.match(says, regime);
    });
  }

  it('with momentum is against its own threshold', async () => {
    // Heavy ball, β = ½: 3/4.0318 = 0.744.
    assert.match((await note(product({ stepSize: 0.7, momentum: 0.5 }))) ?? '', /edge of stability: 2\(1 \+ β\)\/λ_max = 0\.744/);
    assert.match((await note(product({ stepSize: 0.8, momentum: 0.5 }))) ?? '', /unstable at the start/);
  });

  it('of a linear model with the square loss is exact', async () => {
    // λ_max = (1 + 9)/2 = 5.
    const linear = (stepSize: number): ExperimentInput => ({
      data: { kind: 'inline', x: [[1], [3]], y: [1, 2] },
      model: { kind: 'linear', bias: false },
      loss: 'square',
      optimizer: { kind: 'gradient-descent', stepSize },
    });
    assert.match((await note(linear(0.39))) ?? '', /like the flow: 2\/λ_max = 0\.4$/);
    assert.match((await note(linear(0.41))) ?? '', /divergent: 2\/λ_max = 0\.4$/);
  });

  it('of a flow there is none, of Adam the step alone', async () => {
    assert.equal(await note({ ...product({}), optimizer: { kind: 'gradient-flow' } }), null);
    assert.equal(await note({ ...product({}), optimizer: { kind: 'adam', stepSize: 0.01 } }), 'η = 0.01');
  });
});

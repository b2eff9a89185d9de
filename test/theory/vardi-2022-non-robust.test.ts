import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import type { Report } from '../../src/protocol/report';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { attack, vardi2022NonRobust } from '../../src/theory/vardi-2022-non-robust';
import { nodeEnvironment } from '../../src/worker/environment';
import { failing, prediction, reportOf } from './lab';

const ID = 'vardi-2022-non-robust';

/** k orthogonal samples of length √d with labels in turn. */
const orthogonal = (d: number, k: number) => ({
  kind: 'inline' as const,
  x: Array.from({ length: k }, (_, i) => Array.from({ length: d }, (__, j) => (i === j ? Math.sqrt(d) : 0))),
  y: Array.from({ length: k }, (_, i) => (i % 2 === 0 ? 1 : -1)),
});

const experiment = (change: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: orthogonal(36, 9),
  model: { kind: 'network', widths: [12] },
  init: { kind: 'gaussian', scale: 0.1 },
  loss: 'exponential',
  optimizer: { kind: 'gradient-flow' },
  stop: { logLoss: -3000 },
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

const quick = (input: ExperimentInput): Promise<Report> => reportOf({ ...input, stop: { steps: 3 } });

describe('Vardi, Yehudai, Shamir 2022: one direction flips all labels', () => {
  it('the network that was found by hand: f = Σ yᵢ(xᵢ·x)₊/d flips at η = 1/(|I₋| + 1) and 1/(|I₊| + 1), whichever is larger', async () => {
    // At xᵢ − yᵢz: its own unit gives 1 − η, each of the other label η. Five and four samples: all flip where 1 − η < 4η.
    const { situation } = await ready(experiment({ model: { kind: 'network', widths: [9] } }));
    const { x, y } = situation.data;
    const theta = Float64Array.from([...x, ...y.map((label) => label / 36)]);
    const { radius } = attack(situation, theta, 6);
    // ‖z‖ = η ‖Σ yᵢxᵢ‖ = η · 3 · 6.
    assert.ok(Math.abs(radius - 18 / 5) < 1e-4, String(radius));
  });

  it('a trained network is flipped within √(d/k)/c, by random directions it is not', async () => {
    const report = await reportOf(experiment());
    assert.equal(report.verdict.outcome, 'agrees', report.verdict.says);
    // d = 36, k = 9, c = 4/9.
    assert.ok(Math.abs((report.verdict.tolerance ?? 0) - 4.5) < 1e-9);
    assert.ok((report.verdict.value ?? Infinity) <= 4.5);
    assert.ok(report.figures.some(({ id }) => id === 'flipped-labels'));
  });

  it('robust networks exist: with biases one withstands more than the bound; it is no KKT point, and no verdict rests on it', async () => {
    const { situation, objective, environment } = await ready(
      experiment({ data: orthogonal(64, 16), model: { kind: 'network', widths: [16], bias: 'first' }, stop: { steps: 3 } }),
    );
    const { x, y } = situation.data;
    // yᵢ (xᵢ·x/d − ½)₊: no other sample is within √d/2 of a unit that answers to xᵢ.
    const theta = Float64Array.from([...x.map((value) => value / 64), ...y.map(() => -0.5), ...y]);
    const { radius } = attack(situation, theta, 8);
    assert.ok(radius > 4, `√(d/k)/c = 4, flipped at ${radius}`);
    const examination = await vardi2022NonRobust.examine(situation);
    const trained = await train(situation, objective, null, [], environment, null);
    assert.equal(examination?.judge({ ...trained, parameters: theta, logLoss: -100 }, null, []).outcome, 'inconclusive');
  });

  it('a KKT point that withstands the direction disagrees, and so does one that any direction flips', async () => {
    const { situation, objective, environment } = await ready(experiment());
    const trained = await train(situation, objective, null, [], environment, null);
    const judged = async (answer: (label: number) => number) => {
      // The trained network on its samples, another function beside them.
      const model = {
        ...situation.model,
        outputsOn: (_theta: Float64Array, _x: Float64Array, rows: number, out: Float64Array): void => {
          for (let i = 0; i < rows; i++) out[i] = answer(situation.data.y[i]);
        },
      };
      const examination = await vardi2022NonRobust.examine({ ...situation, model });
      assert.ok(examination);
      return examination.judge(trained, null, []);
    };
    const robust = await judged((label) => label);
    assert.equal(robust.outcome, 'disagrees', robust.says);
    const fragile = await judged((label) => -label);
    assert.equal(fragile.outcome, 'disagrees', fragile.says);
    assert.match(fragile.says, /nothing special/);
  });

  it('each condition can fail', async () => {
    const of = async (change: Partial<ExperimentInput>): Promise<readonly string[]> =>
      failing(prediction(await quick(experiment(change)), ID)).filter((text) => !text.startsWith('at some time'));
    const data = orthogonal(36, 9);
    assert.deepEqual(await of({}), []);
    assert.deepEqual(await of({ data: { ...data, x: data.x.map((row, i) => row.map((value) => (i === 0 ? 2 * value : value))) } }), [
      'samples of one length',
    ]);
    assert.deepEqual(await of({ data: { ...data, y: data.y.map(() => 1) } }), [
      'both labels',
      'enough samples for the bound to be below their length',
    ]);
    assert.deepEqual(await of({ data: orthogonal(36, 4) }), ['enough samples for the bound to be below their length']);
    const near = data.x.map((row, i) => row.map((value, j) => (j === 35 ? 3 : i === j ? Math.sqrt(27) : value)));
    assert.ok((await of({ data: { ...data, x: near } })).some((text) => text.startsWith('nearly orthogonal')));
    assert.deepEqual(
      await of({
        model: { kind: 'network', widths: [6], bias: 'first' },
        data: { ...data, x: data.x.map((row) => row.map((v) => v / 2)) },
      }),
      ['samples of length √d'],
    );
    assert.deepEqual(await of({ optimizer: { kind: 'adam', stepSize: 1e-3 } }), ['gradient flow']);
  });
});

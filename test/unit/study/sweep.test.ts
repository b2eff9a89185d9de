import assert from 'node:assert/strict';
import { axisValues } from '../../../src/experiment/sweep-points';
import { parseExperiment } from '../../../src/experiment/parse';
import type { Source } from '../../../src/protocol/compute';
import type { SweepResult } from '../../../src/protocol/sweep';
import { planSweep, type SweepPlan } from '../../../src/study/sweep';
import { spreadOf, SweepBoard, summarise } from '../../../src/study/sweep-board';
import { nodeEnvironment } from '../../../src/worker/environment';

const BASE = {
  data: { kind: 'sparse-regression', samples: 5, features: 8 },
  model: { kind: 'diagonal' },
  loss: 'square',
  optimizer: { kind: 'gradient-flow' },
} as const;

const sourceOf = (experiment: object): Source => ({ text: JSON.stringify(experiment), path: null, root: null });

async function plan(sweep: object, changes: object = {}): Promise<SweepPlan> {
  const source = sourceOf({ ...BASE, ...changes, sweep });
  const answer = await planSweep(source, nodeEnvironment(source, new SharedArrayBuffer(4)));
  assert.ok(answer.plan !== null, JSON.stringify(answer));
  return answer.plan;
}

async function refusal(sweep: object, changes: object = {}): Promise<string> {
  const source = sourceOf({ ...BASE, ...changes, sweep });
  const answer = await planSweep(source, nodeEnvironment(source, new SharedArrayBuffer(4)));
  assert.ok(answer.plan === null);
  return answer.diagnostics.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`).join('\n');
}

describe('axes of a sweep', () => {
  it('go in equal ratios or differences from end to end', () => {
    assert.deepEqual(axisValues({ path: '/x', log: [0.001, 1, 4] }), [0.001, 0.01, 0.1, 1]);
    assert.deepEqual(axisValues({ path: '/x', linear: [0, 0.3, 4] }), [0, 0.1, 0.2, 0.3]);
    assert.deepEqual(axisValues({ path: '/x', log: [8, 2, 3] }), [8, 4, 2]);
    assert.deepEqual(axisValues({ path: '/x', linear: [5, 9, 1] }), [5]);
    assert.deepEqual(axisValues({ path: '/x', values: ['relu', { kind: 'tanh' }] }), ['relu', { kind: 'tanh' }]);
  });

  it('that cannot be divided are refused', () => {
    assert.throws(() => axisValues({ path: '/x', log: [0, 1, 4] }), /above 0, found 0/);
    assert.throws(() => axisValues({ path: '/x', linear: [0, 1, 2.5] }), /whole number/);
    assert.throws(() => axisValues({ path: '/x' }), /found 0/);
    assert.throws(() => axisValues({ path: '/x', values: [1], log: [1, 2, 2] }), /found 2/);
  });
});

describe('points of a sweep', () => {
  it('are every combination with every seed, the last axis first', async () => {
    const { places, textOf } = await plan(
      {
        axes: [
          { path: '/init/scale', values: [0.1, 1] },
          { path: '/model/depth', values: [2, 3, 4] },
        ],
        repeat: 2,
      },
      { seed: 5 },
    );
    assert.equal(places.length, 12);
    assert.equal(new Set(places.map(({ fingerprint }) => fingerprint)).size, 12);
    const told = places.map((_, index) => {
      const { experiment } = parseExperiment(textOf(index));
      assert.ok(experiment?.model.kind === 'diagonal' && experiment.init.kind === 'constant');
      assert.equal(experiment.sweep, undefined);
      return [experiment.init.scale, experiment.model.depth, experiment.seed];
    });
    assert.deepEqual(told.slice(0, 4), [
      [0.1, 2, 5],
      [0.1, 2, 6],
      [0.1, 3, 5],
      [0.1, 3, 6],
    ]);
    assert.deepEqual(told.at(-1), [1, 4, 6]);
  });

  it('write out what the file leaves to its defaults', async () => {
    const { textOf } = await plan({
      axes: [
        { path: '/init/scale', values: [3] },
        { path: '/loss/reduction', values: ['sum'] },
      ],
    });
    const point = JSON.parse(textOf(0)) as Record<string, unknown>;
    assert.deepEqual(point.init, { kind: 'constant', scale: 3 });
    assert.deepEqual(point.loss, { kind: 'square', reduction: 'sum' });
  });

  it('keep a default that depends on what varies', async () => {
    const { textOf } = await plan({ axes: [{ path: '/model', values: [{ kind: 'linear' }, { kind: 'diagonal', depth: 3 }] }] });
    const inits = [0, 1].map((index) => parseExperiment(textOf(index)).experiment?.init.kind);
    assert.deepEqual(inits, ['zero', 'constant']);
  });

  it('reach into lists', async () => {
    const model = { kind: 'network', widths: [3, 3] };
    const { textOf } = await plan({ axes: [{ path: '/model/widths/1', values: [7] }] }, { model });
    assert.deepEqual((JSON.parse(textOf(0)) as { model: unknown }).model, { kind: 'network', widths: [3, 7] });
  });

  it('have the fingerprint of their experiment, whatever the file says around them', async () => {
    const [one] = (await plan({ axes: [{ path: '/init/scale', values: [0.5] }] })).places;
    const [, other] = (await plan({ axes: [{ path: '/init/scale', values: [0.1, 0.5] }], measure: 'loss' })).places;
    assert.equal(one.fingerprint, other.fingerprint);
  });

  it('are refused with the place of what is wrong', async () => {
    const scale = { path: '/init/scale', values: [1] };
    assert.match(await refusal({ axes: [{ ...scale, path: 'init.scale' }] }), /sweep-path \/sweep\/axes\/0\/path .*"\/init\/scale"\?/);
    assert.match(await refusal({ axes: [{ ...scale, path: '/init/scal' }] }), /no \/init\/scal .*"\/init\/scale"\?/);
    assert.match(await refusal({ axes: [{ ...scale, path: '/__proto__/x' }] }), /sweep-path/);
    assert.match(await refusal({ axes: [{ ...scale, path: '/seed' }] }), /Seeds vary with "repeat"/);
    assert.match(await refusal({ axes: [scale, scale] }), /varies along two axes/);
    assert.match(await refusal({ axes: [scale], measure: 'distanc' }), /unknown-measure \/sweep\/measure .*"distance"/);
    assert.match(
      await refusal({ axes: [{ path: '/model/depth', linear: [2, 3, 3] }, scale] }),
      /sweep-point \/sweep\/axes\/0 With \/model\/depth = 2\.5.*whole number/,
    );
    const log = [0.1, 1, 101];
    assert.match(
      await refusal({
        axes: [
          { path: '/init/scale', log },
          { path: '/stop/time', log },
        ],
      }),
      /sweep-size .*10\u202f201 points.*10\u202f000/,
    );
    assert.match(await refusal({ axes: [{ path: '/init', values: [{ kind: 'explicit', parameters: [[1]] }] }] }), /sweep-point/);
  });
});

describe('the summary of a sweep', () => {
  it('has the quartiles of numpy', () => {
    // numpy.percentile([3, 1, 4, 1.5, 9, 2.6], [25, 50, 75]) = 1.775, 2.8, 3.75; mean 3.5166…
    const { count, mean, median, lower, upper } = spreadOf([3, 1, 4, 1.5, 9, 2.6, Number.NaN]);
    assert.deepEqual([count, median, upper], [6, 2.8, 3.75]);
    assert.ok(Math.abs(lower - 1.775) < 1e-15 && Math.abs(mean - 21.1 / 6) < 1e-15);
    assert.equal(spreadOf([1, Infinity, Infinity]).median, Infinity);
    assert.deepEqual(spreadOf([Number.NaN]).count, 0);
  });

  const result = (place: SweepPlan['places'][number], loss: number): SweepResult => ({
    format: 1,
    ...place,
    data: { samples: 5, features: 8, featureNames: null, sha256: null },
    outcome: 'converged',
    ended: '',
    verdict: { outcome: loss > 3 ? 'disagrees' : 'agrees', result: null, measure: null, value: null, tolerance: null, says: '' },
    asExpected: null,
    measures: { loss },
    distances: {},
    seconds: 2,
  });

  it('draws one axis as a line with its quartiles', async () => {
    const planned = await plan({ axes: [{ path: '/init/scale', log: [0.1, 10, 3] }], repeat: 3 });
    const summary = summarise(
      planned,
      planned.places.map((place) => result(place, place.index + 1)),
      '1',
    );
    assert.deepEqual(
      summary.cells.map(({ verdicts }) => verdicts),
      [{ agrees: 3 }, { disagrees: 3 }, { disagrees: 3 }],
    );
    assert.equal(summary.seconds, 18);
    const [figure] = summary.figures;
    assert.ok(figure.kind === 'chart');
    assert.deepEqual(figure.x, { label: 'init scale', scale: 'log' });
    assert.deepEqual(
      figure.series.map(({ name, band }) => [name, band]),
      [
        ['Loss, median', undefined],
        ['Loss, lower quartile', 'Loss, median'],
        ['Loss, upper quartile', 'Loss, median'],
      ],
    );
    assert.deepEqual(
      figure.series.map(({ x }) => x),
      [
        [0.1, 1, 10],
        [0.1, 1, 10],
        [0.1, 1, 10],
      ],
    );
    assert.deepEqual(
      figure.series.map(({ y }) => y),
      [
        [2, 5, 8],
        [1.5, 4.5, 7.5],
        [2.5, 5.5, 8.5],
      ],
    );
  });

  it('draws two axes as a heat map, rows by the first, and says where a run has no value', async () => {
    const planned = await plan({
      axes: [
        { path: '/init/scale', values: [0.1, 1] },
        { path: '/model/depth', values: [2, 3, 4] },
      ],
    });
    const points = planned.places.map((place) => (place.index === 4 ? { ...place, failure: 'gone' } : result(place, 10 ** place.index)));
    const { figures } = summarise(planned, points, '1');
    assert.equal(figures.length, 1);
    const [figure] = figures;
    assert.ok(figure.kind === 'heat-map');
    assert.deepEqual([figure.rows, figure.columns], [2, 3]);
    assert.deepEqual(figure.values, [0, 1, 2, 3, Number.NaN, 5]);
    assert.deepEqual(
      [figure.y.ticks, figure.x.ticks],
      [
        ['0.1', '1'],
        ['2', '3', '4'],
      ],
    );
    assert.match(figure.label, /^log₁₀/);
    assert.equal(figure.signed, false);
  });

  it('draws a heat map for each value of a third axis', async () => {
    const axes = ['/init/scale', '/stop/time', '/stop/loss'].map((path, k) => ({ path, values: k === 2 ? [1, 2] : [1, 2, 3] }));
    const planned = await plan({ axes, measure: 'l1Norm' });
    const points = planned.places.map((place) => ({ ...result(place, 1), measures: { l1Norm: place.index } }));
    const { figures } = summarise(planned, points, '1');
    assert.deepEqual(
      figures.map(({ title }) => /, (stop loss = \d)$/.exec(title)?.[1]),
      ['stop loss = 1', 'stop loss = 2'],
    );
    assert.ok(figures[1].kind === 'heat-map');
    assert.deepEqual(figures[1].values, [1, 3, 5, 7, 9, 11, 13, 15, 17]);
  });

  it('of which only a part is known has the same pictures with what is missing', async () => {
    const planned = await plan({
      axes: [
        { path: '/init/scale', values: [0.1, 1] },
        { path: '/model/depth', values: [2, 3, 4] },
      ],
      repeat: 2,
    });
    const board = new SweepBoard(planned);
    assert.deepEqual(board.figures(), []);
    for (const index of [0, 1, 3]) board.settle(result(planned.places[index], index + 1));
    board.settle({ ...planned.places[4], failure: 'gone' });
    board.mark(2, true);
    board.mark(0, true);
    const [figure] = board.figures();
    assert.ok(figure.kind === 'heat-map');
    assert.deepEqual(
      figure.values.map((value) => (Number.isNaN(value) ? null : 10 ** value)),
      [1.5, 4, null, null, null, null].map((value) => value && 10 ** Math.log10(value)),
    );
    assert.equal(figure.behind?.states, 'aardfwwwwwww');
    assert.deepEqual(figure.behind.measures[0].values.slice(0, 5), [1, 2, Number.NaN, 4, Number.NaN]);
    assert.match(figure.says, / 4 of 12 runs so far\.$/);
    const before = board.changes;
    board.rest();
    assert.equal(board.figures()[0].behind?.states, 'aawdfwwwwwww');
    assert.equal(board.changes, before + 1);
    assert.equal(board.summary('1').points.length, 4);
  });

  it('says what of many further values is not drawn', async () => {
    const values = Array.from({ length: 30 }, (_, k) => k + 1);
    const axes = [
      { path: '/init/scale', values: [1] },
      { path: '/stop/time', values: [1] },
      { path: '/stop/loss', values },
    ];
    const planned = await plan({ axes, measure: 'l1Norm' });
    const points = planned.places.map((place) => ({ ...result(place, 1), measures: { l1Norm: place.index } }));
    const { figures } = summarise(planned, points, '1');
    assert.equal(figures.length, 20);
    assert.match(figures[19].says, /10 more of the 30 values of stop loss are in sweep\.json\.$/);
  });

  it('counts with the pictures of a transition what of further values is not drawn', async () => {
    const axes = [
      { path: '/stop/time', values: [1] },
      { path: '/init/scale', log: [0.1, 10, 2] },
      { path: '/stop/loss', values: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
    ];
    const planned = await plan({ axes, measure: ['distanceToL1', 'distanceToL2'] });
    // α and 1/α meet between 0.1 and 10: three pictures a value, and the seventh value begins the last two.
    const points = planned.places.map((place) => {
      const scale = Number(place.settings[1].value);
      return { ...result(place, 1), measures: { distanceToL1: scale, distanceToL2: 1 / scale } };
    });
    const { figures } = summarise(planned, points, '1');
    assert.equal(figures.length, 20);
    assert.equal(figures.filter(({ id }) => id.startsWith('sweep-transition')).length, 6);
    assert.match(figures[19].says, /2 more of the 9 values of stop loss are in sweep\.json\.$/);
  });
});

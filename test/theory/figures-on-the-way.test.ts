/** What a run shows of itself: the boundary over samples of two features, units, layers, and all of it while the run goes on. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema';
import type { RunEvent } from '../../src/protocol/compute';
import type { Figure, FigureSeries, Report } from '../../src/protocol/report';
import { runExperiment } from '../../src/study/run';
import { nodeEnvironment } from '../../src/worker/environment';
import { ROOT } from '../lanes/repository';
import { FOUR_POINTS, reportOf } from './lab';

type Chart = Extract<Figure, { kind: 'chart' }>;

function chart({ figures }: Pick<Report, 'figures'>, id: string): Chart {
  const figure = figures.find((one) => one.id === id);
  assert.ok(figure?.kind === 'chart', `no chart ${id} among ${figures.map((one) => one.id).join(', ')}`);
  return figure;
}

function series(figure: Chart, name: string): FigureSeries {
  const found = figure.series.find((one) => one.name === name);
  assert.ok(found, `no series ${name} among ${figure.series.map((one) => one.name).join(', ')}`);
  return found;
}

const LINEAR: ExperimentInput = {
  data: FOUR_POINTS,
  model: { kind: 'linear' },
  loss: 'exponential',
  optimizer: { kind: 'gradient-flow' },
  stop: { logLoss: -1e6 },
  compare: ['l2'],
};

/** A ring inside a ring. */
const RINGS: ExperimentInput = {
  seed: 3,
  data: { kind: 'circles', samples: 24, noise: 0 },
  model: { kind: 'network', widths: [12], activation: 'relu', bias: 'first' },
  loss: 'logistic',
  optimizer: { kind: 'gradient-descent', stepSize: 0.5 },
  stop: { steps: 4000 },
};

describe('the decision boundary over samples of two features', () => {
  it('of a linear model is a line with its margin lines, and rings the samples that hold them', async () => {
    const report = await reportOf(LINEAR);
    const figure = chart(report, 'boundary');
    assert.equal(figure.sameUnits, true);
    const w = report.solution.predictor as readonly number[];
    const on = ({ x, y }: FigureSeries): number[] => x.flatMap((value, k) => (Number.isNaN(value) ? [] : [w[0] * value + w[1] * y[k]]));
    const size = Math.hypot(...w);
    for (const value of on(series(figure, 'trained, f = 0'))) assert.ok(Math.abs(value) < 1e-9 * size);
    // Max-margin predictor (3/4, 1/2), multipliers on the second and the fourth sample (docs/theory.md).
    const ringed = figure.series.find(({ style }) => style === 'rings');
    assert.deepEqual(
      [ringed?.x, ringed?.y],
      [
        [2, 0],
        [-1, 2],
      ],
    );
    const smallest = Math.min(...FOUR_POINTS.x.map(([a, b]) => w[0] * a + w[1] * b));
    const edges = on(series(figure, 'trained, margin')).map((value) => Math.abs(value) / smallest);
    assert.ok(edges.length >= 2 && edges.every((value) => Math.abs(value - 1) < 1e-9));
    const predicted = series(figure, 'predicted');
    for (const [k, x] of predicted.x.entries()) assert.ok(Math.abs(0.75 * x + 0.5 * predicted.y[k]) < 1e-6);
    assert.match(
      figure.says,
      /separates all 4 samples.*within 5 % of it are 2 samples, ringed\. It is turned by .*° against the predicted one/,
    );
  });

  it('of a network is where f changes its sign', async () => {
    const report = await reportOf(RINGS);
    const figure = chart(report, 'boundary');
    const line = series(figure, 'trained, f = 0');
    assert.equal(line.pieces, true);
    // Between the rings, all around the inner one.
    const radii = (label: string): number[] => {
      const { x, y } = series(figure, label);
      return x.map((value, k) => Math.hypot(value, y[k]));
    };
    const rings = [Math.max(...radii('class +1')), Math.max(...radii('class −1'))];
    const angles = new Set(line.x.flatMap((x, k) => (Number.isNaN(x) ? [] : [Math.floor((4 * Math.atan2(line.y[k], x)) / Math.PI)])));
    assert.ok(angles.size >= 8, `${angles.size}`);
    const mean =
      line.x.reduce((sum, x, k) => (Number.isNaN(x) ? sum : sum + Math.hypot(x, line.y[k])), 0) /
      line.x.filter((x) => !Number.isNaN(x)).length;
    assert.ok(mean > Math.min(...rings) && mean < Math.max(...rings), `${mean} of ${rings.join(', ')}`);
  });

  it('is not drawn for one feature, three, or for regression', async () => {
    const of = async (change: object): Promise<readonly string[]> =>
      (await reportOf({ ...LINEAR, stop: { logLoss: -5 }, ...change })).figures.map(({ id }) => id);
    assert.ok(!(await of({ data: { kind: 'inline', x: [[1], [2]], y: [1, 1] } })).includes('boundary'));
    assert.ok(
      !(
        await of({
          data: {
            kind: 'inline',
            x: [
              [1, 0, 1],
              [2, 1, 0],
            ],
            y: [1, -1],
          },
        })
      ).includes('boundary'),
    );
    assert.ok(!(await of({ loss: 'square', optimizer: { kind: 'gradient-descent' } })).includes('boundary'));
  });
});

describe('figures on the way', () => {
  /** Every look at the clock is a little later, so that figures are due again and again. */
  async function watched(experiment: ExperimentInput, on: boolean): Promise<{ report: Report; events: readonly RunEvent[] }> {
    const source = { text: JSON.stringify(experiment), path: null, root: null };
    const events: RunEvent[] = [];
    let now = 0;
    const environment = { ...nodeEnvironment(source, new SharedArrayBuffer(4), on), now: () => (now += 10) };
    const answer = await runExperiment(source, environment, (event) => events.push(event));
    assert.equal(answer.type, 'report');
    return { report: { ...answer.report, seconds: 0 }, events };
  }
  const figuresOf = (events: readonly RunEvent[]): readonly (readonly Figure[])[] =>
    events.flatMap((event) => (event.type === 'figures' ? [event.figures] : []));

  it('are told while a run is watched, and leave its report as it is', async () => {
    const [seen, unseen] = [await watched(RINGS, true), await watched(RINGS, false)];
    assert.deepEqual(seen.report, unseen.report);
    assert.equal(figuresOf(unseen.events).length, 0);
    const told = figuresOf(seen.events);
    assert.ok(told.length >= 3, `${told.length}`);
    const ids = seen.report.figures.map(({ id }) => id);
    for (const figures of told)
      assert.deepEqual(
        figures.map(({ id }) => id),
        ids,
      );
    // The state is that of its moment: what is seen changes, the samples stay.
    assert.notDeepEqual(told[0], told[told.length - 1]);
    assert.equal(new Set(told.map((figures) => JSON.stringify(series(chart({ figures }, 'boundary'), 'class +1')))).size, 1);
  });

  it('are left out where they are of the limit', async () => {
    const text = readFileSync(join(ROOT, 'examples', 'c6-kkt-not-optimal.bias.json'), 'utf8');
    const { events, report } = await watched({ ...(JSON.parse(text) as ExperimentInput), stop: { logLoss: -30 } }, true);
    const early = new Set(figuresOf(events).flatMap((figures) => figures.map(({ id }) => id)));
    assert.ok(early.has('boundary') && !early.has('certificate'), [...early].join());
    assert.ok(report.figures.some(({ id }) => id === 'certificate'));
  });
});

import assert from 'node:assert/strict';
import { checkMeaning } from '../../../src/experiment/meaning';
import { parseExperiment } from '../../../src/experiment/parse';
import type { Experiment } from '../../../src/experiment/schema';
import { gridPoint, pointText } from '../../../src/experiment/sweep-points';
import { canonicalJson } from '../../../src/protocol/report-json';
import { isRefinable, pointFile, refinedSweep } from '../../../src/study/refined-sweep';

function written(sweep: object, changes: object): object {
  return {
    title: 'Phases',
    seed: 4,
    data: { kind: 'sparse-regression', samples: 5, features: 8 },
    model: { kind: 'diagonal' },
    loss: 'square',
    optimizer: { kind: 'gradient-flow' },
    ...changes,
    sweep,
  };
}

function swept(sweep: object, changes: object = {}): Experiment {
  const { experiment, diagnostics } = parseExperiment(JSON.stringify(written(sweep, changes)));
  assert.ok(experiment !== null, JSON.stringify(diagnostics));
  return experiment;
}

const GRID = swept({
  axes: [
    { path: '/init/scale', log: [0.01, 1, 3] },
    { path: '/model/depth', values: [2, 4, 8] },
    { path: '/loss/reduction', values: ['sum', 'mean'] },
  ],
  repeat: 2,
});

/** A file without an error, as the lab reads it. */
function read(text: string | null): Experiment {
  const { experiment, diagnostics: shape, document } = parseExperiment(text ?? '');
  const diagnostics = [...shape, ...(experiment === null ? [] : checkMeaning(experiment, document))];
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.ok(experiment !== null);
  return experiment;
}

describe('a point of a sweep as a file of its own', () => {
  it('has the settings and the seed of that point, and no sweep', () => {
    // Point 21: second seed of (0.1, 4, "sum"), of which 2 × 6 + … : the last axis varies first.
    const experiment = read(pointFile(GRID, 2 * (6 * 1 + 2 * 1 + 0) + 1));
    assert.ok(experiment.init.kind === 'constant' && experiment.model.kind === 'diagonal');
    assert.deepEqual([experiment.init.scale, experiment.model.depth, experiment.loss.reduction], [0.1, 4, 'sum']);
    assert.deepEqual([experiment.seed, experiment.sweep, experiment.title], [5, undefined, 'Phases: scale 0.1, depth 4, reduction sum']);
  });

  for (const [path, values, changes] of [
    ['/optimizer/kind', ['gradient-flow', 'gradient-descent', 'sgd'], {}],
    ['/optimizer', [{ kind: 'gradient-flow' }, { kind: 'gradient-descent', stepSize: 0.1 }], {}],
    ['/data/kind', ['sparse-regression', 'sphere'], { model: { kind: 'linear' } }],
    ['/init/kind', ['zero', 'gaussian', 'uniform'], { model: { kind: 'linear' } }],
    ['/model/tied', [true, false], {}],
    ['/model/widths/0', [2, 6], { model: { kind: 'network', widths: [4, 3] } }],
    [
      '/data/y/1',
      [-1, 2],
      {
        data: {
          kind: 'inline',
          x: [
            [1, 0],
            [0, 1],
          ],
          y: [1, 1],
        },
      },
    ],
  ] as const) {
    it(`is the run of the sweep, with an axis along ${path}`, () => {
      const sweep = { axes: [{ path, values }] };
      const experiment = swept(sweep, changes);
      for (const [point, value] of values.entries()) {
        const { document } = parseExperiment(pointFile(experiment, point) ?? '');
        assert.deepEqual(read(document.text).sweep, undefined);
        const place = gridPoint(experiment, [values], point);
        // What the sweep runs is its own text with the point written in.
        const ran = read(pointText(written(sweep, changes), experiment, place));
        assert.equal(canonicalJson({ ...read(document.text), title: '' }), canonicalJson({ ...ran, title: '' }), JSON.stringify(value));
      }
    });
  }

  it('is none where the sweep has no such point', () => {
    for (const point of [-1, 36, 1.5, Number.NaN]) assert.equal(pointFile(GRID, point), null);
    assert.equal(pointFile({ ...GRID, sweep: undefined }, 0), null);
  });
});

describe('a sweep around a point', () => {
  it('goes from neighbour to neighbour, in ratios where the axis does, in whole numbers where they are', () => {
    const { sweep } = read(refinedSweep(GRID, 2 * (6 + 2)));
    const [scale, depth, reduction] = sweep?.axes.map(({ values }) => values ?? []) ?? [];
    assert.deepEqual([scale[0], scale[scale.length - 1], scale.length], [0.01, 1, 9]);
    assert.ok(scale.includes(0.1));
    const ratios = scale.slice(1).map((value, k) => Number(value) / Number(scale[k]));
    for (const ratio of ratios) assert.ok(Math.abs(ratio / 100 ** (1 / 8) - 1) < 1e-4);
    assert.deepEqual(depth, [2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(reduction, ['sum']);
    assert.equal(sweep?.repeat, 2);
  });

  it('has nothing to look at between texts, truths, objects and one number', () => {
    for (const [path, values] of [
      ['/loss/reduction', ['sum', 'mean']],
      ['/model/tied', [true, false]],
      ['/optimizer', [{ kind: 'gradient-flow' }, { kind: 'gradient-descent' }]],
      ['/model/depth', [3]],
    ] as const) {
      const experiment = swept({ axes: [{ path, values }] });
      assert.ok(!isRefinable(experiment), path);
      assert.deepEqual(read(refinedSweep(experiment, values.length - 1)).sweep?.axes[0].values, [values[values.length - 1]]);
    }
    assert.ok(isRefinable(GRID));
  });

  it('has nothing between labels of classes and between seeds, which are names; between targets of a regression it has', () => {
    const data = { kind: 'inline', x: [[1], [2]], y: [1, -1] };
    const axes = [{ path: '/data/y/0', values: [1, -1] }];
    const labels = swept({ axes }, { data, loss: 'logistic' });
    assert.ok(!isRefinable(labels));
    assert.deepEqual(read(refinedSweep(labels, 1)).sweep?.axes[0].values, [-1]);
    const targets = swept({ axes }, { data, loss: 'square' });
    assert.deepEqual(read(refinedSweep(targets, 1)).sweep?.axes[0].values, [-1, 0, 1]);
    assert.ok(!isRefinable(swept({ axes: [{ path: '/seed', values: [1, 5] }] })));
  });

  it('goes through the entries of a list in whole numbers', () => {
    const widths = swept({ axes: [{ path: '/model/widths/0', values: [2, 5, 9] }] }, { model: { kind: 'network', widths: [4, 3] } });
    assert.deepEqual(read(refinedSweep(widths, 2)).sweep?.axes[0].values, [5, 6, 7, 8, 9]);
  });

  it('at the end of an axis goes to its one neighbour, and keeps an axis of one value', () => {
    const corner = read(refinedSweep(GRID, 0)).sweep?.axes[0].values ?? [];
    assert.deepEqual([corner[0], corner[corner.length - 1]], [0.01, 0.1]);
    const one = swept({ axes: [{ path: '/init/scale', values: [0.3] }] });
    assert.deepEqual(read(refinedSweep(one, 0)).sweep?.axes[0].values, [0.3]);
  });
});

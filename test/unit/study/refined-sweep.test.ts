import assert from 'node:assert/strict';
import { checkMeaning } from '../../../src/experiment/meaning';
import { parseExperiment } from '../../../src/experiment/parse';
import type { Experiment } from '../../../src/experiment/schema';
import { pointFile, refinedSweep } from '../../../src/study/refined-sweep';

function swept(sweep: object): Experiment {
  const { experiment, diagnostics } = parseExperiment(
    JSON.stringify({
      title: 'Phases',
      seed: 4,
      data: { kind: 'sparse-regression', samples: 5, features: 8 },
      model: { kind: 'diagonal' },
      loss: 'square',
      optimizer: { kind: 'gradient-flow' },
      sweep,
    }),
  );
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

  it('at the end of an axis goes to its one neighbour, and keeps an axis of one value', () => {
    const corner = read(refinedSweep(GRID, 0)).sweep?.axes[0].values ?? [];
    assert.deepEqual([corner[0], corner[corner.length - 1]], [0.01, 0.1]);
    const one = swept({ axes: [{ path: '/init/scale', values: [0.3] }] });
    assert.deepEqual(read(refinedSweep(one, 0)).sweep?.axes[0].values, [0.3]);
  });
});

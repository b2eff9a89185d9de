import assert from 'node:assert/strict';
import { spectraChart } from '../../../src/theory/spectra-chart';

describe('a chart of singular values', () => {
  it('has a few of them as bars from zero, and more as points over decades', () => {
    const few = spectraChart([{ name: 'W1', s: [4, 2] }]);
    assert.deepEqual([few?.y.scale, few?.series], ['linear', [{ name: 'W1', style: 'bars', x: [1, 2], y: [1, 0.5] }]]);
    const more = spectraChart([
      { name: 'W1', s: [4, 2] },
      { name: 'W2', s: [8, 4, 2, 1] },
    ]);
    assert.equal(more?.y.scale, 'log');
    assert.deepEqual(
      more.series.map(({ style, y }) => [style, y]),
      [
        ['points', [1, 0.5]],
        ['points', [1, 0.5, 0.25, 0.125]],
      ],
    );
  });

  it('is none where there is one value a matrix', () => {
    assert.equal(spectraChart([{ name: 'W1', s: [3] }]), null);
    assert.equal(spectraChart([]), null);
  });
});

import assert from 'node:assert/strict';
import type { Report } from '../../../src/protocol/report';
import { repeatsFigure } from '../../../src/study/repeats-figure';

/** A run whose loss rises along a line in ln t from the first time to the last. */
const run = (name: string, slope: number, [first, last]: readonly [number, number]): { name: string; report: Report } => {
  const logTime = [-Infinity, first, (first + last) / 2, last];
  return { name, report: { trajectory: { logTime, loss: logTime.map((t) => (t === -Infinity ? 9 : slope * t)) } } as unknown as Report };
};

describe('runs of several seeds over each other', () => {
  it('are drawn one by one, with their median and quartiles where all of them are under way', () => {
    const figure = repeatsFigure([run('seed 0', 1, [0, 4]), run('seed 1', 2, [1, 6]), run('seed 2', 5, [0, 5])], 'loss');
    assert.ok(figure?.kind === 'chart');
    assert.deepEqual(
      figure.series.map(({ name, band, x }) => [name, band, x[0], x[x.length - 1]]),
      [
        ['median', undefined, 1, 4],
        ['lower quartile', 'median', 1, 4],
        ['upper quartile', 'median', 1, 4],
        ['seed 0', undefined, 0, 4],
        ['seed 1', undefined, 1, 6],
        ['seed 2', undefined, 0, 5],
      ],
    );
    // At ln t = 4: 4, 8, 20, whose quartiles are 6, 8, 14 (numpy.percentile).
    const ends = figure.series.slice(0, 3).map(({ y }) => y[y.length - 1]);
    for (const [k, expected] of [8, 6, 14].entries()) assert.ok(Math.abs(ends[k] - expected) < 1e-12, `${ends[k]}`);
    // At their ends: 4, 12, 25.
    assert.equal(figure.says, 'At the end the median is 12, the quartiles 8 and 18.5.');
  });

  it('have no band alone, and no picture without the measure', () => {
    assert.deepEqual(
      repeatsFigure([run('seed 0', 1, [0, 4])], 'loss')?.kind === 'chart' && repeatsFigure([run('seed 0', 1, [0, 4])], 'loss')?.title,
      'Loss of 1 run',
    );
    assert.equal(repeatsFigure([run('seed 0', 1, [0, 4])], 'margin'), null);
    assert.equal(repeatsFigure([], 'loss'), null);
  });
});

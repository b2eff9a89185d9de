import assert from 'node:assert/strict';
import { aReport } from '../extension/builders';
import { differingSettings, runNames } from '../../../webview/compared-settings';
import { scatterOf } from '../../../webview/scatter-figure';
import { settingsOf } from '../../../webview/settings';

const run = (
  title: string,
  experiment: object,
  measures: Record<string, number> = {},
): { title: string; report: ReturnType<typeof aReport> } => ({
  title,
  report: aReport({ experiment, measures }),
});

describe('settings of compared runs', () => {
  it('are told one by one, long lists by their size, and what is about the file not at all', () => {
    const settings = settingsOf({
      title: 't',
      notes: 'n',
      expect: { verdict: 'agrees' },
      seed: 3,
      data: {
        x: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        y: [1, -1],
      },
      loss: 'square',
    });
    assert.deepEqual(
      settings.map(({ path, text }) => `${path} ${text}`),
      ['seed 3', 'data.x 2 × 3 numbers', 'data.y [1, −1]', 'loss square'],
    );
  });

  it('that differ are found by value, also where a run lacks one', () => {
    const reports = [run('a', { seed: 0, o: { kind: 'gd', s: 0.1 } }), run('b', { seed: 0, o: { kind: 'flow' } })].map(
      ({ report }) => report,
    );
    assert.deepEqual(
      differingSettings(reports).map(({ path, values }) => [path, ...values.map((one) => one?.text ?? null)]),
      [
        ['o.kind', 'gd', 'flow'],
        ['o.s', '0.1', null],
      ],
    );
  });

  it('give names to runs of one title, and numbers where nothing differs', () => {
    assert.deepEqual(runNames([run('a', { s: 1 }), run('b', { s: 2 })]), ['a', 'b']);
    assert.deepEqual(runNames([run('a', { o: { s: 1 } }), run('a', { o: { s: 2 } })]), ['s 1', 's 2']);
    assert.deepEqual(runNames([run('a', { s: 1 }), run('a', { s: 2 }), run('b', { s: 2 })]), ['a · s 1', 'a · s 2', 'b']);
    assert.deepEqual(runNames([run('a', {}), run('a', {})]), ['a (1)', 'a (2)']);
  });

  it('make a scatter: wide positive numbers on a logarithmic axis, texts by their number', () => {
    const runs = [run('a', { s: 0.01, k: 'x' }, { loss: 1e-3 }), run('b', { s: 1, k: 'y' }, { loss: 1e-5 })];
    const [numbers, texts] = differingSettings(runs.map(({ report }) => report)).map((setting) => scatterOf(runs, setting, 'loss'));
    assert.deepEqual([numbers.x.scale, numbers.y.scale], ['log', 'log']);
    assert.deepEqual(
      numbers.series.map(({ x, y }) => [x[0], y[0]]),
      [
        [0.01, 1e-3],
        [1, 1e-5],
      ],
    );
    assert.deepEqual([texts.x.label, texts.x.scale], ['k: 1 = x, 2 = y', 'linear']);
  });
});

import assert from 'node:assert/strict';
import { checkMeaning } from '../../../src/experiment/meaning';
import { parseExperiment } from '../../../src/experiment/parse';
import { withoutDefaults } from '../../../src/experiment/without-defaults';

const FILE = {
  title: 'short',
  data: { kind: 'inline', x: [[1, 2]], y: [1] },
  model: { kind: 'network', widths: [3] },
  loss: { kind: 'logistic' },
  optimizer: { kind: 'gradient-descent', stepSize: 0.5 },
  stop: { steps: 10 },
  sweep: { axes: [{ path: '/optimizer/stepSize', values: [0.1, 0.2] }] },
};

describe('an experiment without its defaults', () => {
  it('is what was written, and means the same', () => {
    const { experiment } = parseExperiment(JSON.stringify(FILE));
    assert.ok(experiment !== null);
    const short = withoutDefaults(experiment);
    assert.deepEqual(short, FILE);
    assert.deepEqual(parseExperiment(JSON.stringify(short)).experiment, experiment);
  });

  it('has no finding where the one with them may have', () => {
    const { experiment } = parseExperiment(JSON.stringify(FILE));
    const findings = (file: unknown): readonly string[] => {
      const { experiment: read, document } = parseExperiment(JSON.stringify(file));
      assert.ok(read !== null);
      return checkMeaning(read, document).map(({ code }) => code);
    };
    assert.ok(findings(experiment).includes('meaning.momentum-kind'));
    assert.deepEqual(findings(withoutDefaults(experiment as never)), []);
  });
});

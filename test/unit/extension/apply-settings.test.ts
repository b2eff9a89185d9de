import assert from 'node:assert/strict';
import { parseExperiment } from '../../../src/experiment/parse';
import { withSettings } from '../../../src/extension/apply-settings';

const FILE = `{
  "title": "mine",
  // of the file
  "data": { "kind": "inline", "x": [[1, 2]], "y": [1] },
  "model": { "kind": "linear" },
  "loss": "square",
  "optimizer": { "kind": "gradient-descent", "stepSize": 0.1 }
}
`.replace('  // of the file\n', '');

const resolved = (text: string): Readonly<Record<string, unknown>> => {
  const { experiment } = parseExperiment(text);
  assert.ok(experiment !== null);
  return experiment;
};

/** What the file means after the settings of another one were applied. */
function applied(other: string): { readonly text: string; readonly now: Readonly<Record<string, unknown>> } {
  const text = withSettings(FILE, resolved(other));
  return { text, now: resolved(text) };
}

describe("a run's settings applied to the file", () => {
  it('change what differs and nothing else', () => {
    assert.equal(withSettings(FILE, resolved(FILE)), FILE);
    assert.equal(applied(FILE.replace('0.1', '0.02')).text, FILE.replace('0.1', '0.02'));
  });

  it('make the file mean the same as the run', () => {
    for (const other of [
      FILE.replace('"square"', '{ "kind": "square", "reduction": "sum" }'),
      FILE.replace('{ "kind": "gradient-descent", "stepSize": 0.1 }', '{ "kind": "gradient-flow" }'),
      FILE.replace('"linear"', '"diagonal", "depth": 3').replace('"loss"', '"seed": 9, "loss"'),
      FILE.replace('"loss"', '"stop": { "steps": 7 }, "init": { "kind": "zero" }, "loss"'),
    ]) {
      const { optimizer, model, loss, seed, stop, init, data } = resolved(other);
      const { now } = applied(other);
      assert.deepEqual(
        [now.optimizer, now.model, now.loss, now.seed, now.stop, now.init, now.data],
        [optimizer, model, loss, seed, stop, init, data],
      );
      assert.equal(now.title, 'mine');
    }
  });

  it('take away what the run does not have', () => {
    const text = withSettings(FILE.replace('"loss"', '"features": { "kind": "polynomial", "degree": 2 }, "loss"'), resolved(FILE));
    assert.ok(!('features' in (JSON.parse(text) as object)), text);
  });

  it('replace a file that cannot be read', () => {
    assert.equal(resolved(withSettings('{ "data"', resolved(FILE))).seed, 0);
  });
});

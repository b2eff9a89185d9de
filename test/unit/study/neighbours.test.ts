import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorsOf } from '../../../src/experiment/meaning';
import { parseExperiment } from '../../../src/experiment/parse';
import type { Experiment } from '../../../src/experiment/schema';
import type { Neighbour } from '../../../src/protocol/compute';
import { Cancelled } from '../../../src/study/environment';
import { neighboursOf } from '../../../src/study/neighbours';
import { outlineExperiment } from '../../../src/theory/catalogue';

const FOLDER = resolve(__dirname, '../../../examples');
/** Settings that a neighbour may differ in; what was expected is left out. */
const CHANGED = ['loss', 'model', 'init', 'optimizer', 'expect'] as const;

function experimentOf(text: string): Experiment {
  const { experiment } = parseExperiment(text);
  assert.ok(experiment, text);
  return experiment;
}

const neighboursIn = (text: string): Promise<readonly Neighbour[]> =>
  neighboursOf({ text, path: null, root: null }, { cancelled: () => false });

async function named(text: string, change: string): Promise<Neighbour> {
  const neighbours = await neighboursIn(text);
  const found = neighbours.find((neighbour) => neighbour.change === change);
  assert.ok(found, neighbours.map((neighbour) => neighbour.change).join('; '));
  return found;
}

const file = (parts: Record<string, unknown>): string =>
  JSON.stringify({
    data: {
      kind: 'inline',
      x: [
        [1, 2],
        [2, -1],
      ],
      y: [1, -1],
    },
    model: { kind: 'linear' },
    loss: 'logistic',
    optimizer: { kind: 'gradient-descent', stepSize: 0.1 },
    ...parts,
  });

describe('neighbours of an experiment', () => {
  it('are experiments without errors that differ in one thing, for every example', async function () {
    this.timeout(60_000);
    let count = 0;
    for (const name of readdirSync(FOLDER).filter((entry) => entry.endsWith('.bias.json'))) {
      const text = readFileSync(join(FOLDER, name), 'utf8');
      const before = experimentOf(text);
      for (const { change, text: changed, lead } of await neighboursIn(text)) {
        count += 1;
        assert.deepEqual(errorsOf(changed), [], `${name}, ${change}`);
        const after = experimentOf(changed);
        const differing = Object.keys({ ...before, ...after }).filter(
          (key) => JSON.stringify(before[key as keyof Experiment]) !== JSON.stringify(after[key as keyof Experiment]),
        );
        const rest = differing.filter((key) => key !== 'expect');
        assert.equal(rest.length, 1, `${name}, ${change}: ${differing.join(', ')}`);
        assert.ok(
          CHANGED.some((key) => key === rest[0]),
          rest[0],
        );
        assert.equal(after.expect, undefined);
        const first = outlineExperiment(after).find(({ mayApply }) => mayApply);
        assert.equal(lead?.result, first?.result.id, `${name}, ${change}`);
      }
    }
    assert.ok(count > 500, `${count} neighbours`);
  });

  it('say what another optimizer brings, and that another tail brings the same', async () => {
    const text = file({});
    const exponential = await named(text, 'loss: exponential instead of logistic');
    assert.equal(exponential.lead?.result, 'soudry-2018-max-margin');
    assert.ok(exponential.same);
    const stochastic = await named(text, 'optimizer: sgd instead of gradient-descent');
    assert.equal(stochastic.lead?.result, 'nacson-2019-sgd');
    assert.ok(!stochastic.same);
    assert.equal(experimentOf(stochastic.text).optimizer.kind, 'sgd');
    assert.match(stochastic.text, /"stepSize": 0\.1/);
  });

  it('change depth and scale where they stand, and add them where they are left to their defaults', async () => {
    const square = {
      loss: 'square',
      data: { kind: 'inline', x: [[1, 2, 0]], y: [1] },
      model: { kind: 'diagonal' },
      optimizer: { kind: 'gradient-flow' },
    };
    const deeper = await named(file(square), 'depth: 3 instead of 2');
    assert.deepEqual(experimentOf(deeper.text).model, { kind: 'diagonal', depth: 3, tied: true });
    const larger = await named(file(square), 'init: scale 1 instead of 0.1');
    assert.deepEqual(experimentOf(larger.text).init, { kind: 'constant', scale: 1 });
    assert.notEqual(larger.same, true);
    const given = file({ ...square, init: { kind: 'constant', scale: 0.3 } });
    assert.deepEqual(experimentOf((await named(given, 'init: scale 0.03 instead of 0.3')).text).init, { kind: 'constant', scale: 0.03 });
    const shallow = (await neighboursIn(file(square))).filter(({ change }) => change.startsWith('depth'));
    assert.equal(shallow.length, 1, 'a diagonal network has two layers at least');
  });

  it('keep the reduction of a loss, and leave no exponent behind', async () => {
    const text = file({ loss: { kind: 'polynomial', power: 2, reduction: 'sum' } });
    const { loss } = experimentOf((await named(text, 'loss: logistic instead of polynomial')).text);
    assert.deepEqual(loss, { kind: 'logistic', reduction: 'sum' });
  });

  it('are none of a text with errors', async () => {
    assert.deepEqual(await neighboursIn('{'), []);
  });

  it('are given up when they are cancelled', async () => {
    let asked = 0;
    await assert.rejects(neighboursOf({ text: file({}), path: null, root: null }, { cancelled: () => ++asked > 2 }), Cancelled);
    assert.equal(asked, 3);
  });
});

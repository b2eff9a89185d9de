/** Every example has an `expect`, and every example meets it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runExperiment } from '../../src/study/run';
import { CATALOGUE } from '../../src/theory/catalogue';
import { nodeEnvironment } from '../../src/worker/environment';

const FOLDER = resolve(__dirname, '../../examples');
const EXAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith('.bias.json'));

describe('examples', () => {
  for (const name of EXAMPLES) {
    it(name, async function () {
      this.timeout(60_000);
      const path = join(FOLDER, name);
      const source = { text: readFileSync(path, 'utf8'), path, root: FOLDER };
      const answer = await runExperiment(source, nodeEnvironment(source, new SharedArrayBuffer(4)), () => undefined);
      assert.equal(answer.type, 'report', JSON.stringify(answer));
      if (answer.type !== 'report') return;
      const { asExpected, verdict, predictions, references } = answer.report;
      assert.equal(asExpected, true, `${verdict.outcome}: ${verdict.says}`);
      // What agrees is within its tolerance: the page draws the one against the other.
      if (verdict.outcome === 'agrees' && verdict.value !== null && verdict.tolerance !== null)
        assert.ok(verdict.value <= verdict.tolerance, `${verdict.measure} ${verdict.value}, tolerance ${verdict.tolerance}`);
      // What applies has no condition that fails, what does not has one that is missing, and a verdict rests on what applies (docs/report.md).
      for (const { result, applies, conditions } of predictions) {
        const holds = conditions.map((one) => one.holds);
        assert.ok(applies ? !holds.includes(false) : holds.some((one) => one !== true), `${result}: ${applies} with ${holds.join(', ')}`);
        if (result === verdict.result && (verdict.outcome === 'agrees' || verdict.outcome === 'disagrees')) assert.ok(applies, result);
      }
      // No certificate, no verdict: every reference that is shown is certified to the promised 10⁻¹⁰.
      for (const { id, certificate } of references) assert.ok(certificate.value <= 1e-10, `${id}: ${certificate.says}`);
      for (const { symbol, conditions } of predictions)
        for (const said of [symbol, ...conditions.map(({ because }) => because)]) assert.doesNotMatch(said, /not a number|NaN|undefined/u);
    });
  }

  it('each row of the catalogue has an example that agrees and a control', () => {
    for (const row of new Set(CATALOGUE.map((result) => result.row.toLowerCase()))) {
      const names = EXAMPLES.filter((name) => name.startsWith(`${row}-`));
      assert.ok(
        names.some((name) => name.includes('-control-')),
        `${row} has no control among ${names.join(', ')}`,
      );
      assert.ok(
        names.some((name) => !name.includes('-control-')),
        `${row} has no example`,
      );
    }
  });

  it('each result of the catalogue is what some example expects', () => {
    const expected = new Set(
      EXAMPLES.map((name) => (JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as { expect?: { result?: string } }).expect?.result),
    );
    for (const { id } of CATALOGUE) assert.ok(expected.has(id), id);
  });
});

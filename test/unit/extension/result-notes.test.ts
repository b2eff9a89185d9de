import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { notesAlone, notesAnchor } from '../../../src/extension/result-notes';
import { CATALOGUE } from '../../../src/theory/catalogue';

const ROOT = resolve(__dirname, '../../..');
const NOTES = readFileSync(join(ROOT, 'docs', 'theory.md'), 'utf8');

describe('notes on the results', () => {
  for (const { id, row } of CATALOGUE) {
    it(`have a section of row ${row} about ${id}`, () => {
      assert.ok(notesAnchor(NOTES, id)?.startsWith(`${row.toLowerCase()}-`), `${notesAnchor(NOTES, id)}`);
    });
  }

  it('are found where the table at their beginning links to', () => {
    const linked = [...NOTES.matchAll(/^\| \w+ +\| \[[^\]]*\]\(#([^)]+)\)/gmu)].map(([, anchor]) => anchor);
    const found = new Set(CATALOGUE.map(({ id }) => notesAnchor(NOTES, id)));
    assert.ok(linked.length > 50);
    assert.deepEqual(
      linked.filter((anchor) => !found.has(anchor)),
      [],
    );
  });

  it('are none for what the catalogue does not have', () => {
    assert.equal(notesAnchor(NOTES, 'nobody-2000-nothing'), null);
    assert.equal(notesAnchor('# Title\n\nFile: `src/theory/a-2000-b.ts`.\n', 'a-2000-b'), null);
  });

  it('lead to no file that is not shipped', () => {
    const targets = [...notesAlone(NOTES).matchAll(/\]\(([^)]*)\)/gu)].map(([, target]) => target);
    assert.ok(targets.length > 100);
    assert.deepEqual(
      targets.filter((target) => !/^(#|https:)/u.test(target)),
      [],
    );
    assert.equal(notesAlone('see [the numbers](numerics.md#x), [here](#c1)'), 'see the numbers, [here](#c1)');
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { notesOn } from '../../../src/extension/result-notes';
import { CATALOGUE } from '../../../src/theory/catalogue';

const ROOT = resolve(__dirname, '../../..');
const NOTES = readFileSync(join(ROOT, 'docs', 'theory.md'), 'utf8');

describe('notes on the results', () => {
  for (const { id, row } of CATALOGUE) {
    it(`have a section of row ${row} about ${id}`, () => {
      const section = notesOn(NOTES, id) ?? '';
      assert.ok(section.startsWith(`## ${row}: `), section.slice(0, 60));
      assert.equal(section.match(/^## /gmu)?.length, 1);
    });
  }

  it('are none for what the catalogue does not have', () => {
    assert.equal(notesOn(NOTES, 'nobody-2000-nothing'), null);
    assert.equal(notesOn('# Title\n\nFile: `src/theory/a-2000-b.ts`.\n', 'a-2000-b'), null);
  });

  it('lead to nothing that is not shown', () => {
    for (const { id } of CATALOGUE) {
      const targets = [...(notesOn(NOTES, id) ?? '').matchAll(/\]\(([^)]*)\)/gu)].map(([, target]) => target);
      assert.deepEqual(
        targets.filter((target) => !target.startsWith('https:')),
        [],
      );
    }
    const text = '## A\n\n[x](#b), [y](numerics.md#c), [z](https://example.org) `a-2000-b.ts`\n\n## B\n';
    assert.equal(notesOn(text, 'a-2000-b'), '## A\n\nx, y, [z](https://example.org) `a-2000-b.ts`\n\n');
  });
});

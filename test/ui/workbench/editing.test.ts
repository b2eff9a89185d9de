/** Writing an experiment: completion, lenses, diagnostics, quick fix. */
import { strict as assert } from 'node:assert';
import { CLOSEST } from './experiments';
import type { User } from './user';
import { user, usesWindow } from './window';

describe('editing an experiment', () => {
  usesWindow();
  let me: User;

  before(async function () {
    this.timeout(180_000);
    me = await user();
  });

  afterEach(async () => me.closeEditors());

  it('starts from a whole experiment in an empty file, and the first line predicts', async () => {
    await me.put('empty.bias.json', '');
    await me.openFile('empty.bias.json');
    await me.focusEditor();
    await me.acceptCompletion(/^New experiment: Maximum margin$/, /"loss": "logistic"/);
    await me.press('Escape', 'Escape');
    const text = await me.text();
    assert.equal((JSON.parse(text) as { loss: string }).loss, 'logistic', text);
    await me.lens(/predicts .*‖w‖₂/).waitFor();
    await me.picture('from-empty');
  });

  it('is typed from scratch with completion of keys and values', async () => {
    await me.put('typed.bias.json', '');
    await me.openFile('typed.bias.json');
    await me.focusEditor();
    await me.typeText('{');
    await me.press('Enter');
    await me.acceptCompletion(/^data$/, /"data":/);
    await me.press('Escape');
    await me.replaceText(
      '{ "data": { "kind": "inline", "x": [[1, 0, 1], [0, 1, 1]], "y": [1, 1] },\n"model": { "kind": "linear" }, "loss": "square",\n"optimizer": { "kind": "" } }',
    );
    await me.cursorAfter('"optimizer": { "kind": "');
    const offered = await me.offered(/sgd/);
    for (const kind of ['gradient-flow', 'gradient-descent', 'sgd']) {
      assert.ok(
        offered.some((label) => label.includes(kind)),
        `${kind} is not among ${offered.join(', ')}`,
      );
    }
    await me.acceptCompletion(/gradient-flow/, /"kind": "gradient-flow"/);
    await me.lens(/predicts .*‖w.*‖₂/).waitFor();
    assert.equal((JSON.parse(await me.text()) as typeof CLOSEST).optimizer.kind, 'gradient-flow');
  });

  it('keeps its lenses while the text is broken', async () => {
    await me.openFile('closest.bias.json');
    await me.lens(/predicts/).waitFor();
    const before = (await me.lenses()).filter((text) => /predicts/.test(text));
    await me.cursorAfter('"square"');
    await me.typeText(' broken {');
    await me.squiggle('error').waitFor();
    assert.deepEqual(
      (await me.lenses()).filter((text) => /predicts/.test(text)),
      before,
    );
  });

  it('offers a fix for a key with a slip of the pen, and applies it', async () => {
    const { optimizer, ...rest } = CLOSEST;
    await me.put('slip.bias.json', { ...rest, optimiser: optimizer });
    await me.openFile('slip.bias.json');
    await me.cursorAfter('"optimi');
    await me.squiggle('error').waitFor();
    await me.applyFix(/^Rename to "optimizer"$/, /"optimizer": \{/);
    await me.lens(/predicts/).waitFor();
    assert.deepEqual((JSON.parse(await me.text()) as typeof CLOSEST).optimizer, optimizer);
  });

  it('explains a key under the pointer', async () => {
    await me.openFile('diagonal.bias.json');
    await me.lens(/predicts/).waitFor();
    await me.editor().locator('.view-line', { hasText: '"depth"' }).getByText('"depth"').hover();
    const hover = me.page.locator('.monaco-hover:visible', { hasText: /Number of layers/ }).first();
    await hover.waitFor();
    await me.picture('hover');
  });

  it('says both sizes where they do not match', async () => {
    await me.put('sizes.bias.json', { ...CLOSEST, data: { kind: 'inline', x: [[1, 0, 1]], y: [1, 1] } });
    await me.openFile('sizes.bias.json');
    await me.squiggle('error').waitFor();
    await me.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
    const problem = me.page.locator('.markers-panel .monaco-list-row', { hasText: /\b1\b.*\b2\b|\b2\b.*\b1\b/ }).first();
    await problem.waitFor();
    await me.picture('problems');
    await me.runCommand('View: Toggle Panel Visibility');
  });

  it('begins with the command "New Experiment…"', async () => {
    await me.runCommand('Implicit Bias Lab: New Experiment…');
    // Until its own list is there, the palette still shows the command.
    for (const template of ['Maximum margin', 'Least squares', 'Diagonal network']) await me.picks(template).first().waitFor();
    await me.picture('new-experiment');
    await me.pick('Maximum margin');
    await me.lens('Run').waitFor();
  });
});

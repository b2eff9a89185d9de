/** What was run stays: the tree of runs, comparing, a reloaded window. */
import { strict as assert } from 'node:assert';
import type { User } from './user';
import { user, usesWindow } from './window';

async function run(me: User, name: string): Promise<void> {
  await me.openFile(`${name}.bias.json`);
  const before = await me.startedAt();
  await me.clickLens('Run');
  await me.startedAfter(before);
  await me.panelSays(/^Agrees$/, 60_000);
}

describe('history of runs', () => {
  usesWindow();
  let me: User;

  before(async function () {
    this.timeout(240_000);
    me = await user();
    await run(me, 'closest');
    await me.closeEditors();
    await run(me, 'diagonal');
    await me.closeEditors();
  });

  afterEach(async () => me.closeEditors());

  it('lists runs with their verdicts and reopens them', async () => {
    const entry = (await me.runs(/Closest solution.*agrees/)).first();
    await entry.waitFor();
    await me.picture('history');
    await entry.click();
    const said = await me.panelSays(/^Agrees$/);
    assert.match(said, /Closest solution/);
  });

  it('compares two runs', async () => {
    const runs = await me.runs();
    await runs.filter({ hasText: 'Closest solution' }).first().click();
    await me.panelSays(/^Agrees$/);
    await me.panel().getByRole('button', { name: 'Compare…' }).click();
    await me.tick('Small initialisation');
    await me.press('Enter');
    await me.panel().getByRole('button', { name: 'Stop comparing' }).waitFor();
    const said = await me.panelText();
    assert.match(said, /Closest solution/);
    assert.match(said, /Small initialisation/);
    await me.picture('compared');
  });

  it('keeps the page when the window is reloaded', async function () {
    this.timeout(180_000);
    const runs = await me.runs('Small initialisation');
    await runs.first().click();
    await me.panelSays(/^Agrees$/);
    await me.reload();
    const said = await me.panelSays(/^Agrees$/, 60_000);
    assert.match(said, /Small initialisation/);
    await (await me.runs(/Small initialisation/)).first().waitFor();
  });
});

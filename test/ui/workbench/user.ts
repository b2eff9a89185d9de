/** What a user does and sees in the editor's window, as statements. */
import { strict as assert } from 'node:assert';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { EXTENSION_ID, OUT } from '../../lanes/repository';
import type { Workbench } from '../../lanes/workbench';

const MODIFIER = process.platform === 'darwin' ? 'Meta' : 'Control';

export const THEMES = {
  light: { name: 'Default Light Modern', mark: 'vs' },
  dark: { name: 'Default Dark Modern', mark: 'vs-dark' },
  'hc-dark': { name: 'Default High Contrast', mark: 'hc-black' },
  'hc-light': { name: 'Default High Contrast Light', mark: 'hc-light' },
} as const;
export type Theme = keyof typeof THEMES;

const LAB_ICON = '.part.activitybar .action-label[aria-label^="Implicit Bias Lab"]';

/** Non-breaking spaces, which the editor draws, as plain ones. */
function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ').trim();
}

export class User {
  readonly page: Page;

  constructor(
    readonly workbench: Workbench,
    /** Folder that is open in the window. */
    readonly folder: string,
  ) {
    this.page = workbench.page;
  }

  // ---------------------------------------------------------------- files
  /** Writes a file of the workspace behind the editor's back. */
  async put(name: string, content: unknown): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }

  async remove(...names: readonly string[]): Promise<void> {
    for (const name of names) await rm(join(this.folder, name));
  }

  async read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }

  /** Opens a file of the workspace from the explorer, and waits for its text. */
  async openFile(name: string): Promise<void> {
    const file = this.page.locator('.explorer-folders-view .monaco-list-row', { has: this.page.getByText(name, { exact: true }) });
    // The explorer may sort in a new file between the look and the click; opening another time changes nothing.
    await this.until(
      `${name} is open`,
      async () => {
        await this.page.keyboard.press(`${MODIFIER}+Shift+KeyE`);
        await file.dblclick();
      },
      () => this.tab(name).isVisible(),
    );
    // Under the new tab the editor may still have the text of the old one.
    await this.page.locator(`.editor-instance .monaco-editor[role="code"][data-uri$="/${name}"] .view-line`).first().waitFor();
    // The editor remembers a scroll position, in which the lens over the first line may be out of sight.
    await this.editor().hover();
    await this.page.mouse.wheel(0, -5000);
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab.active', { hasText: name });
  }

  /** The text editor that shows an experiment; there is one in these tests. */
  editor(): Locator {
    return this.page.locator('.editor-group-container .editor-instance .monaco-editor[role="code"]').first();
  }

  /** Puts the keyboard into the text. */
  async focusEditor(): Promise<void> {
    await this.page.keyboard.press(`${MODIFIER}+Digit1`);
    await this.editor().locator('.native-edit-context:focus, textarea.inputarea:focus').first().waitFor({ state: 'attached' });
  }

  async saveFile(): Promise<void> {
    await this.page.keyboard.press(`${MODIFIER}+KeyS`);
    await this.page.locator('.tabs-container .tab.dirty').first().waitFor({ state: 'detached' });
  }

  async closeEditors(): Promise<void> {
    const discard = this.page.locator('.monaco-dialog-box .monaco-button', { hasText: "Don't Save" });
    const empty = this.page.locator('.editor-group-container.empty').first();
    await this.until(
      'all editors are closed',
      async () => {
        await this.press('Escape');
        await this.runCommand('View: Close All Editors');
      },
      async () => {
        if (await discard.isVisible()) await discard.click();
        return empty.isVisible();
      },
    );
  }

  /** Hides problems and test results, if they are shown. */
  async closePanel(): Promise<void> {
    if (await this.page.locator('.part.panel').isVisible()) await this.runCommand('View: Hide Panel');
  }

  // ---------------------------------------------------------------- typing
  async typeText(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 15 });
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key.replace('Mod', MODIFIER));
  }

  /** Puts the cursor behind the first place where the text stands. */
  async cursorAfter(text: string): Promise<void> {
    const input = this.page.locator('.find-widget.visible textarea.input').first();
    await this.focusEditor();
    await this.page.keyboard.press(`${MODIFIER}+Home`);
    await this.page.keyboard.press(`${MODIFIER}+KeyF`);
    await input.waitFor();
    await input.fill(text);
    await this.page.locator('.find-widget.visible .matchesCount', { hasText: /^1 of/ }).waitFor();
    // The count may still be that of an earlier search.
    await this.statusBar(`(${text.length} selected)`).waitFor();
    await this.page.keyboard.press('Escape');
    // The match stays selected; to its end.
    await this.page.keyboard.press('ArrowRight');
  }

  /** Pastes a text, short enough to be in sight, over all that is there. */
  async replaceText(text: string): Promise<void> {
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.until(
      'the text is pasted',
      async () => {
        await this.focusEditor();
        await this.press('Mod+KeyA', 'Mod+KeyV');
      },
      // Pasting asks the extensions first, and is given up when the cursor moves meanwhile: it is only looked at.
      async () => (await this.visibleText()) === text.trim(),
    );
  }

  /** The whole text of the editor, through the clipboard. */
  async text(): Promise<string> {
    const nothing = 'nothing was copied';
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), nothing);
    let text = nothing;
    await this.until(
      'the text is copied',
      async () => {
        await this.focusEditor();
        await this.press('Mod+KeyA', 'Mod+KeyC');
      },
      async () => {
        text = await this.page.evaluate(() => navigator.clipboard.readText());
        return text !== nothing;
      },
    );
    await this.page.keyboard.press('ArrowLeft');
    return text;
  }

  /** The lines of the text that are in sight, without moving the cursor. */
  async visibleText(): Promise<string> {
    // A line that is new comes last in the page, wherever in the text it stands: the order is that of their places.
    const lines = await this.editor()
      .locator('.view-line')
      .evaluateAll((all) =>
        all
          .map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? '' }))
          .sort((one, other) => one.top - other.top)
          .map(({ text }) => text),
      );
    return plain(lines.join('\n'));
  }

  /** The same, when what was done before has been drawn. */
  private async settledText(): Promise<string> {
    let text = await this.visibleText();
    await this.until('the text is settled', null, async () => {
      await this.page.waitForTimeout(200);
      const before = text;
      text = await this.visibleText();
      return text === before;
    });
    return text;
  }

  /** Labels that the suggestion list offers, as soon as one of them is the wanted one. A service that is still starting offers nothing: ask again. */
  async offered(wanted: RegExp): Promise<readonly string[]> {
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    let labels: readonly string[] = [];
    for (let tries = 0; tries < 12; tries++) {
      if (!(await rows.first().isVisible())) await this.page.keyboard.press('Control+Space');
      await this.page.waitForTimeout(700);
      labels = (await rows.allTextContents()).map(plain);
      if (labels.some((label) => wanted.test(label))) return labels;
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`${String(wanted)} was never offered; last: ${labels.join(', ') || 'nothing'}`);
  }

  /** Takes the entry of that name from the suggestion list, opened if need be. What came into the text instead is taken back. */
  async acceptCompletion(wanted: RegExp, brings: RegExp): Promise<void> {
    const list = this.page.locator('.suggest-widget.visible');
    const before = await this.settledText();
    await this.until(
      `${String(wanted)} brings ${String(brings)}`,
      async () => {
        await this.takeBack(before);
        await this.offered(wanted);
        // Behind a key the list of its values opens by itself, so a list that stays open says nothing.
        if (await this.focusRow(list, '.label-name', wanted)) await this.press('Enter');
      },
      async () => brings.test(await this.visibleText()),
    );
  }

  /**
   * Takes a quick fix at the cursor. A list that opens before the fix is known is opened again; one that closes while it is looked at
   * leaves its key to the text, and what came into the text is taken back.
   */
  async applyFix(wanted: RegExp, brings: RegExp): Promise<void> {
    const list = this.page.locator('.action-widget:not(.action-list-submenu-panel)');
    const before = await this.settledText();
    await this.until(
      `the fix ${String(wanted)} brings ${String(brings)}`,
      async () => {
        // In a list that is open already, the key that opens it takes what has the focus.
        if (await list.isVisible()) await this.press('Escape');
        await list.waitFor({ state: 'hidden' });
        await this.takeBack(before);
        await this.press('Mod+Period');
        // The key is lost where the editor is about to take the focus: it is pressed again.
        const opened = await list.waitFor({ timeout: 5000 }).then(
          () => true,
          () => false,
        );
        if (opened) await this.press((await this.focusRow(list, '.title', wanted)) ? 'Enter' : 'Escape');
      },
      async () => brings.test(await this.visibleText()),
    );
  }

  /** Undoes until the text in sight is this one again. */
  private async takeBack(text: string): Promise<void> {
    for (let undone = 0; undone < 3; undone++) {
      const now = await this.visibleText();
      if (now === text) return;
      await this.press('Mod+KeyZ');
      // The text is drawn a moment after the key.
      for (let waited = 0; waited < 1000 && (await this.visibleText()) === now; waited += 50) await this.page.waitForTimeout(50);
    }
  }

  // ---------------------------------------------------------------- lists
  /**
   * Moves the focus of a list to the row of that label, from the keyboard; false when the list holds none. Lists sort themselves
   * anew while answers come in, so a row is believed only when it has been the focused one, in an unchanged list, twice.
   */
  private async focusRow(list: Locator, label: string, wanted: string | RegExp): Promise<boolean> {
    const fits = (text: string): boolean => (typeof wanted === 'string' ? text === wanted : wanted.test(text));
    let before = '';
    for (let steps = 0; steps < 60; steps++) {
      const rows = await list
        .locator('.monaco-list-row')
        .evaluateAll(
          (all, part) =>
            all.map((row) => ({ text: row.querySelector(part)?.textContent ?? '', focused: row.classList.contains('focused') })),
          label,
        );
      const focused = rows.findIndex(({ focused }) => focused);
      const settled = JSON.stringify(rows) === before;
      before = JSON.stringify(rows);
      if (focused >= 0 && fits(plain(rows[focused].text))) {
        if (settled) return true;
      } else if (settled) {
        if (!rows.some(({ text }) => fits(plain(text)))) return false;
        await this.press(rows.findIndex(({ text }) => fits(plain(text))) < focused ? 'ArrowUp' : 'ArrowDown');
      }
      await this.page.waitForTimeout(80);
    }
    return false;
  }

  /**
   * Does something that may be done more than once, until it has had its effect: on a slow machine a click may come before
   * what it is meant for listens. With no action, only waits.
   */
  private async until(what: string, act: (() => Promise<void>) | null, done: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 4; tries++) {
      await act?.();
      for (let waited = 0; waited < 5000; waited += 100) {
        if (await done()) return;
        await this.page.waitForTimeout(100);
      }
    }
    throw new Error(`It never came about that ${what}.`);
  }

  /** Shows what a row of a tree holds. */
  async unfold(row: Locator): Promise<void> {
    await this.until(
      'the row is unfolded',
      async () => {
        if ((await row.getAttribute('aria-expanded')) !== 'true') await row.locator('.monaco-tl-twistie').click();
      },
      async () => (await row.getAttribute('aria-expanded')) === 'true',
    );
  }

  // ---------------------------------------------------------------- lenses
  lens(text: string | RegExp): Locator {
    return this.editor().locator('.codelens-decoration a', { hasText: text }).first();
  }

  async lenses(): Promise<readonly string[]> {
    return (await this.editor().locator('.codelens-decoration a').allTextContents()).map(plain);
  }

  /** Clicks a lens as soon as the lenses have settled: every change of one takes the old ones away, and a click with them. */
  async clickLens(text: string | RegExp): Promise<void> {
    await this.lens(text).waitFor();
    let before = '';
    await this.until('the lenses are settled', null, async () => {
      const now = (await this.lenses()).join('|');
      await this.page.waitForTimeout(200);
      const same = now === before;
      before = now;
      return same;
    });
    await this.lens(text).click();
  }

  // ---------------------------------------------------------------- commands
  /** Runs a command of the palette by its whole title. */
  async runCommand(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await this.until(
      'the palette is open',
      // A page that has the focus while it is loading passes no key on.
      () => this.page.keyboard.press('F1'),
      () => input.isVisible(),
    );
    await input.fill(`>${title}`);
    const list = this.page.locator('.quick-input-list');
    await list
      .locator('.monaco-list-row', { has: this.page.getByText(title, { exact: true }) })
      .first()
      .waitFor();
    assert.ok(await this.focusRow(list, '.label-name', title), `${title} is in the palette`);
    await this.press('Enter');
  }

  /** Waits for the picker of that title: until it is there, what is typed goes to the palette that it was called from. */
  async picker(title: string): Promise<void> {
    await this.page.locator('.quick-input-widget:visible .quick-input-title', { hasText: title }).waitFor();
    await this.picks(/./).first().waitFor();
  }

  /** Takes an entry of a picker from the keyboard. */
  async pick(text: string | RegExp): Promise<void> {
    await this.picks(text).first().waitFor();
    assert.ok(await this.focusRow(this.page.locator('.quick-input-list'), '.label-name', text), `${String(text)} can be picked`);
    await this.press('Enter');
  }

  /** Ticks an entry of a picker of several. */
  async tick(text: string): Promise<void> {
    const row = this.picks(text).first();
    await row.waitFor();
    const ticked = async (): Promise<boolean> => (await row.locator('.monaco-custom-toggle.checked').count()) > 0;
    await this.until(
      `${text} is ticked`,
      async () => {
        if (!(await ticked())) await row.click();
      },
      ticked,
    );
  }

  /** Entries of the list of a picker, after typing into it. */
  picks(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row', { hasText: text });
  }

  /** A button of the toolbar over the editor. */
  titleButton(name: string): Locator {
    return this.page
      .locator('.editor-actions .action-label', { hasNotText: /^never$/ })
      .and(this.page.getByLabel(name))
      .first();
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
  }

  /** The entry of the status bar that turns while something runs. */
  runningStatus(): Locator {
    return this.page
      .locator('.part.statusbar .statusbar-item .codicon-sync')
      .locator('xpath=ancestor::*[contains(@class, "statusbar-item")][1]')
      .first();
  }

  // ---------------------------------------------------------------- results
  /** The inner frame of the results page. */
  panel(): FrameLocator {
    return this.page.frameLocator(`iframe.webview[src*="extensionId=${EXTENSION_ID}"]`).frameLocator('iframe#active-frame');
  }

  /** The same frame, for scripts. */
  async panelFrame(): Promise<Frame> {
    const handle = await this.panel().locator('body').elementHandle();
    const frame = await handle?.ownerFrame();
    assert.ok(frame, 'the results page has no frame');
    return frame;
  }

  async panelText(): Promise<string> {
    return plain(await this.panel().locator('body').innerText());
  }

  /** Waits until the results page says this, and gives all that it says. */
  async panelSays(text: string | RegExp, timeout = 30_000): Promise<string> {
    try {
      await this.panel().locator('body').getByText(text).first().waitFor({ timeout });
    } catch (error) {
      const said = await this.panelText().catch(() => '(there is no results page)');
      throw new Error(`The results page never said ${String(text)}. It says:\n${said.slice(0, 2000)}`, { cause: error });
    }
    return this.panelText();
  }

  /** What the page says of the time its run started; "" without a page. A run that begins after this says something else. */
  async startedAt(): Promise<string> {
    if ((await this.page.locator('iframe.webview').count()) === 0) return '';
    const said =
      (await this.panel()
        .locator('.facts')
        .textContent({ timeout: 5000 })
        .catch(() => '')) ?? '';
    // The page tells the time in seconds: the next run must not begin in this one.
    await this.page.waitForTimeout(1100);
    return said;
  }

  /** Waits until the page shows another run than the one of that time, and that it is over. */
  async startedAfter(before: string): Promise<void> {
    const facts = this.panel().locator('.facts', { hasText: /took/ });
    for (let tries = 0; tries < 300; tries++) {
      const now = await facts.textContent({ timeout: 30_000 });
      if (now !== null && now !== before) return;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`The page still shows the run ${before}`);
  }

  /** Ends what a failed test left running. */
  async cancelAll(): Promise<void> {
    const busy = this.runningStatus();
    for (let tries = 0; tries < 5 && (await busy.count()) > 0; tries++) {
      // It may be over before the click.
      await busy.click({ timeout: 3000 }).catch(() => {});
      const choice = this.picks(/./).first();
      await this.page.waitForTimeout(300);
      if (await choice.isVisible()) await choice.click();
      await this.page.waitForTimeout(300);
    }
  }

  /** Chooses from the context menu of the text. */
  async contextMenu(item: string): Promise<void> {
    await this.editor().getByText('"title"').first().click({ button: 'right' });
    const entry = this.page.locator('.monaco-menu .action-menu-item', { hasText: item }).first();
    await entry.hover();
    // A menu takes no click in its first moments, lest the one that opened it chooses from it.
    await this.page.waitForTimeout(500);
    await entry.click({ delay: 50 });
  }

  // ---------------------------------------------------------------- history
  async openRunsView(): Promise<Locator> {
    const tree = this.page.locator('.part.sidebar .pane', { hasText: 'Runs' }).locator('.monaco-list').first();
    if (!(await tree.isVisible())) await this.page.locator(LAB_ICON).first().click();
    await tree.waitFor();
    return tree;
  }

  /** Entries of the runs view, newest first. */
  async runs(text: string | RegExp = ''): Promise<Locator> {
    return (await this.openRunsView()).locator('.monaco-list-row', { hasText: text });
  }

  /** Rows of the gallery. */
  async gallery(): Promise<Locator> {
    const pane = this.page.locator('.part.sidebar .pane', { hasText: /Gallery of Results/i });
    await this.until(
      'the gallery is open',
      () => this.page.locator(LAB_ICON).first().click(),
      () => pane.isVisible(),
    );
    return pane.locator('.monaco-list-row');
  }

  // ---------------------------------------------------------------- problems
  /** Squiggles in the text. */
  squiggle(severity: 'error' | 'warning' | 'info'): Locator {
    return this.editor().locator(`.squiggly-${severity}`).first();
  }

  // ---------------------------------------------------------------- looks
  /** Settings of the workspace; the window follows the file. */
  async settings(values: Readonly<Record<string, unknown>>): Promise<void> {
    const now = JSON.parse(await this.read('.vscode/settings.json').catch(() => '{}')) as Record<string, unknown>;
    await this.put('.vscode/settings.json', { ...now, ...values });
  }

  async switchTheme(theme: Theme): Promise<void> {
    const { name, mark } = THEMES[theme];
    await this.settings({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench.${mark}`).waitFor();
  }

  /** A picture of the window, kept in out/screenshots/workbench/. */
  async picture(name: string): Promise<string> {
    const folder = join(OUT, 'screenshots', 'workbench');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  async reload(): Promise<void> {
    // In a browser the editor writes down what is open every five seconds, not at the end: a page that goes cannot wait for its storage.
    await this.page.waitForTimeout(7000);
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  /** Nothing was complained about in the console since the window opened. */
  assertNoComplaints(): void {
    assert.deepEqual(this.workbench.complaints, []);
  }
}
